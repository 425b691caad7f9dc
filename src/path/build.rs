//! Owns the names of build output and caches. Does not own where they count (`classify`). Invariant: a
//! name stands here only where a tool makes the thing again.

use crate::shell::UNKNOWN;
use crate::word::base;

use super::system::is_suffix;

/// True where a component is the name of build output or of a cache, or the file is a passing one.
pub(super) fn is_build_output(tail: &str) -> bool {
    let last = base(tail);
    tail.split('/').any(|part| {
        if part.bytes().any(|it| it.is_ascii_uppercase()) {
            is_build_directory(&part.to_ascii_lowercase())
        } else {
            is_build_directory(part)
        }
    }) || is_passing_file(last)
        || MADE_IN.iter().any(|it| tail.contains(it))
}

/// Output whose own name says nothing, with the directory that it is made in.
const MADE_IN: [&str; 6] = [
    "cypress/screenshots",
    "cypress/videos",
    "bootstrap/cache/",
    "storage/framework/cache",
    "storage/framework/views",
    "public/hot",
];

fn is_build_directory(part: &str) -> bool {
    // A pattern around a name that nothing else has in its own.
    let part = match part.trim_matches(['*', UNKNOWN]) {
        name @ ("node_modules" | "__pycache__" | ".pytest_cache" | ".mypy_cache"
        | ".ruff_cache") => name,
        _ => part,
    };
    match part {
        "node_modules" | "bower_components" | "jspm_packages" | "target" | "dist" | "build"
        | "out" | "_build" | "deps" | "coverage" | "htmlcov" | ".nyc_output" | ".next"
        | ".nuxt" | ".output" | ".svelte-kit" | ".astro" | ".turbo" | ".cache"
        | ".parcel-cache" | ".vite" | ".webpack" | ".angular" | ".expo" | ".docusaurus"
        | ".vercel" | ".netlify" | ".serverless" | ".aws-sam" | "cdk.out" | "storybook-static"
        | ".venv" | "venv" | "virtualenv" | "__pycache__" | ".pytest_cache" | ".mypy_cache"
        | ".ruff_cache" | ".pytype" | ".pyre" | ".tox" | ".nox" | ".eggs" | ".hypothesis"
        | ".ipynb_checkpoints" | "wheelhouse" | ".gradle" | "obj" | "deriveddata" | "pods"
        | ".terraform" | ".dart_tool" | "vendor" | "tmp" | "temp" | ".tmp" | ".temp" | "logs"
        | "_site" | ".jekyll-cache" | ".sass-cache" | ".zig-cache" | "zig-cache" | "zig-out"
        | ".stack-work" | "dist-newstyle" | "elm-stuff" | ".elixir_ls" | ".bundle"
        | "test-results" | "playwright-report" | "allure-results" | "lcov-report"
        | ".eslintcache" | ".stylelintcache" | ".pnpm-store" | ".yarn-cache" | ".npm"
        | ".ccls-cache" | ".clangd" | "cmakefiles" | ".bloop" | ".metals" | ".scannerwork"
        | ".swc" | ".wrangler" | "blob-report" | "allure-report" | ".cxx" | ".build"
        | ".symlinks" | "testresults" | "coveragereport" | "coverage-report"
        | "pip-wheel-metadata" | ".jest-cache" | "esm" | "cjs" => true,
        _ => {
            part.starts_with("cmake-build-")
                || part.starts_with("build-debug")
                || part.starts_with("build-release")
                || part.starts_with("build_debug")
                || part.starts_with("build_release")
                || part.starts_with("bazel-")
                || is_suffix(part, ".egg-info")
                || is_suffix(part, ".dist-info")
                || is_suffix(part, ".xcarchive")
        }
    }
}

fn is_passing_file(last: &str) -> bool {
    if matches!(
        last,
        ".DS_Store" | "Thumbs.db" | ".coverage" | "nohup.out" | "npm-debug.log"
    ) {
        return true;
    }
    let Some((stem, extension)) = last.rsplit_once('.') else {
        return false;
    };
    !stem.is_empty()
        && matches!(
            extension,
            "tmp"
                | "temp"
                | "log"
                | "pyc"
                | "pyo"
                | "o"
                | "obj"
                | "class"
                | "swp"
                | "swo"
                | "cache"
                | "tsbuildinfo"
                | "gcda"
                | "gcno"
                | "profraw"
                | "profdata"
                | "rlib"
                | "rmeta"
                | "pid"
                | "out"
                | "lcov"
        )
}
