//! Owns the question whether a package that is fetched and run at once is one that somebody chose: the
//! project's own, or a tool that everybody knows. Does not own which programs fetch (the rules say).
//! Invariant: nothing is started, and a package file is read only where a runner names a package.

use super::subject::Subject;
use crate::shell::Arg;
use crate::word::{base, listed};

/// A package file larger than this is not read.
const FILE_LIMIT: usize = 1 << 20;

/// Tools that developers run this way, and that thousands of others do.
const KNOWN: &str = "tsc tsx ts-node typescript eslint prettier jest vitest mocha ava tap nyc c8 playwright cypress \
    webpack webpack-cli vite rollup esbuild parcel turbo nx lerna changeset changesets next nuxt nuxi astro gatsby \
    svelte-kit sv remix expo react-native ng nest vue vue-tsc storybook sb tailwindcss postcss sass stylelint \
    biome oxlint xo standard rimraf cross-env concurrently npm-run-all wait-on nodemon pm2 serve http-server \
    live-server json-server lighthouse pa11y depcheck knip madge ncu npm-check-updates npm-check license-checker \
    husky lint-staged commitlint commitizen cz semantic-release release-it standard-version np conventional-changelog \
    prisma drizzle-kit knex sequelize sequelize-cli typeorm mikro-orm migrate-mongo supabase firebase firebase-tools \
    vercel netlify netlify-cli wrangler serverless sls cdk aws-cdk cdktf sst amplify ampx pulumi heroku \
    create-react-app create-next-app create-vite create-vue create-svelte create-astro create-expo-app create-remix \
    create-nuxt-app create-t3-app create-turbo create-react-router create-electron-app create-strapi-app \
    degit tiged swc babel graphql-codegen openapi-typescript openapi-generator-cli swagger-cli redocly spectral \
    jsdoc typedoc documentation markdownlint markdownlint-cli markdownlint-cli2 cspell alex textlint remark \
    shadcn shadcn-ui storybook chromatic size-limit bundlesize source-map-explorer webpack-bundle-analyzer \
    node-gyp pkg nexe electron electron-builder cap capacitor ionic cordova patch-package syncpack taze sort-package-json \
    npm-packlist publint attw arethetypeswrong type-coverage tsup unbuild tsd dts-bundle-generator svgo \
    node npm pnpm yarn bun corepack kill-port zx c8 autocannon artillery k6 clinic mermaid mmdc marp \
    ruff black isort flake8 pylint mypy pyright basedpyright pytest tox nox pre-commit poetry hatch pdm uv twine build \
    flit cookiecutter copier cruft pip-audit pip-tools pipdeptree bandit safety vulture radon codespell autoflake \
    pyupgrade sqlfluff djlint mkdocs sphinx-build jupyter jupyterlab ipython httpie yt-dlp ansible ansible-lint \
    yamllint check-jsonschema validate-pyproject maturin cibuildwheel commitizen bump2version bump-my-version \
    semgrep checkov cfn-lint awscli black-nb nbstripout interrogate pydocstyle deptry ty locust streamlit gradio \
    claude codex gemini cowsay";

/// Scopes whose packages are tools of known makers.
const SCOPES: &str = "@angular @nestjs @storybook @playwright @biomejs @changesets @commitlint @openapitools @redocly \
    @graphql-codegen @swc @babel @typescript-eslint @vue @sveltejs @astrojs @remix-run @react-native-community \
    @expo @ionic @capacitor @tailwindcss @prisma @sentry @aws-amplify @aws-sdk @azure @google-cloud @microsoft @vscode \
    @types @nx @turbo @vercel @netlify @cloudflare @shopify @stripe @supabase @tanstack @vitest @jest @testing-library \
    @eslint @mermaid-js @marp-team @stoplight @apidevtools @arethetypeswrong @anthropic-ai @modelcontextprotocol @openai \
    @google";

/// True where the package to run is named, and is neither the project's nor a known one.
pub(super) fn is_strange(subject: &Subject) -> bool {
    let options = subject.options();
    let chosen = options.values_of(&["-p", "--package", "--from", "--spec"]);
    let first = subject.operands().next().cloned();
    let Some(package) = chosen.into_iter().next().or(first) else {
        return false;
    };
    if !package.is_known() || package.text.starts_with(['.', '/', '-']) {
        return false;
    }
    let name = without_version(&package);
    let scope = name.split('/').next().unwrap_or_default();
    !listed(KNOWN, name) && !listed(SCOPES, scope) && !is_of_project(subject, name)
}

/// `tool@1.2` and `tool==1.2`, `tool[extra]` name the tool.
fn without_version(package: &Arg) -> &str {
    let text = package.text.as_str();
    let at = text
        .char_indices()
        .skip(1)
        .find(|(_, letter)| matches!(letter, '@' | '=' | '[' | '<' | '>' | '~'));
    at.map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// Installed in the project, or named in its package file.
fn is_of_project(subject: &Subject, name: &str) -> bool {
    let (host, project) = subject.project();
    let tool = base(name);
    for place in ["node_modules/.bin", ".venv/bin", "venv/bin"] {
        if host.metadata(&format!("{project}/{place}/{tool}")).is_ok() {
            return true;
        }
    }
    ["package.json", "pyproject.toml"].iter().any(|file| {
        let text = host.read(&format!("{project}/{file}"), FILE_LIMIT);
        text.is_ok_and(|it| String::from_utf8_lossy(&it).contains(&format!("\"{name}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Span;

    #[test]
    fn versions_are_no_part_of_a_name() {
        for (text, name) in [
            ("vite@latest", "vite"),
            ("@scope/tool@1.2.3", "@scope/tool"),
            ("ruff==0.4", "ruff"),
            ("tool[extra]", "tool"),
            ("tool", "tool"),
        ] {
            assert_eq!(without_version(&Arg::literal(text, Span::default())), name);
        }
    }
}
