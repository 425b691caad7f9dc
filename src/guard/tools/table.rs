//! Owns what the profiles know of programs, as text: names, subcommands and flags. Does not own how a
//! line is read (`program`). Invariant: a program that stands here does nothing beyond what its accesses
//! and the invocations it starts say, but for the flags its line refuses.

/// Programs that only read, whatever their flags.
pub(super) const READERS: &str = " ls cat head tail wc nl tac rev cut paste join comm diff cmp colordiff \
    diffstat column fold fmt expand unexpand pr uniq tr grep egrep fgrep zgrep zegrep zfgrep find du df \
    stat readlink realpath basename dirname pwd cal uptime uname hostname whoami id groups who users last \
    tty nproc arch free vmstat ps pgrep pidof lsof ss netstat env printenv which whereis type seq expr bc \
    numfmt factor jq gojq jaq xxd od hexdump hd hexyl strings md5sum sha1sum sha224sum sha256sum \
    sha384sum sha512sum b2sum cksum shasum md5 sum base64 base32 basenc zcat bzcat xzcat zstdcat gzcat \
    zipinfo more apropos whatis locate getent getconf locale tput lscpu lsblk lsusb lspci lsattr getfacl \
    yes tee exa eza lsd dir vdir dust tokei scc cloc nm objdump readelf size addr2line shellcheck hadolint \
    actionlint look tldr history lsb_release sw_vers dpkg-query apt-cache where-object select-object \
    sort-object measure-object group-object compare-object select-string test-path resolve-path \
    split-path join-path format-table format-list format-wide format-custom out-string out-null out-host \
    convertto-json convertfrom-json convertto-csv convertfrom-csv convertto-xml ";

/// Lines of `program,…:subcommand,… condition …`: `!-f` refuses a flag, `?-f` wants one of them, `+-f`
/// refuses all that no `+` names, `#2` allows so many operands, `>-f` is a flag that starts what it is
/// given, `@name` is looked at by a function.
pub(super) const READS: &str = "\
sed @sed !-i !--in-place !-f !--file
awk @awk +-F +-v +--field-separator +--assign +-e +--source +--posix +--re-interval +-n
sort !-o !--output !--compress-program
shuf !-o !--output
rg !--pre !--hostname-bin
ag,ack !--pager
fd,fdfind >-x >-X >--exec >--exec-batch
tree !-o
file !-C !--compile
date !-s !--set
bat,batcat !--pager
less @less !-o !-O !--log-file !--LOG-FILE !-k !--lesskey-file !--lesskey-src !--lesskey-content
man !-P !--pager !-H !--html !-X !-T !-C !--config-file
yq !-i !--inplace !--in-place !-s !--split-exp
xmllint !--output !-o !--shell
iconv !-o !--output
tar ?-t ?--list !-x !-c !-r !-u !-A !--to-command !-I !--use-compress-program !--checkpoint-action !--rsh-command !-F !--info-script !--new-volume-script !--rmt-command
unzip ?-l ?-p ?-t ?-Z ?-v
7z:l,t
gzip,gunzip,bzip2,bunzip2,xz,unxz,zstd,unzstd,lz4,pigz,brotli ?-c ?-l ?-t ?--stdout ?--to-stdout ?--list ?--test !-o !--output
patch ?--dry-run !-o !--output
xargs #0
command ?-v ?-V
openssl:version,x509,verify,ciphers,dgst,asn1parse !-out !-engine !-provider !-provider-path !-config !-sign
crontab ?-l !-r !-e
dpkg ?-l ?-L ?-s ?-S ?-p ?--list ?--listfiles ?--status ?--search ?--get-selections ?--print-architecture !-i !-r !-P !--install !--remove !--purge !--configure !--unpack
curl @urls +-s +-S +-f +-L +-I +-i +-v +-k +-g +-4 +-6 +-G +-# +-N +-A +-e +-m +-H +-w +-o +-r +--silent +--show-error +--fail +--fail-with-body +--location +--head +--include +--verbose +--insecure +--compressed +--get +--globoff +--ipv4 +--ipv6 +--max-time +--connect-timeout +--retry +--retry-delay +--retry-all-errors +--max-redirs +--no-progress-meter +--progress-bar +--http1.1 +--http2 +--user-agent +--header +--write-out +--output +--range +--url +--no-buffer
wget @urls ?-O ?--output-document ?--spider +-q +-nv +-S +-O +-T +-t +-U +--quiet +--no-verbose +--server-response +--spider +--output-document +--timeout +--tries +--user-agent +--header +--max-redirect +--no-check-certificate
systemctl:status,list-units,list-unit-files,list-timers,list-sockets,list-dependencies,show,cat,is-active,is-enabled,is-failed
journalctl !--vacuum-size !--vacuum-time !--vacuum-files !--rotate !--flush !--sync !--relinquish-var !--setup-keys !--update-catalog !--cursor-file
docker,podman:ps,images,image.ls,image.inspect,logs,inspect,version,info,stats,top,port,history,diff,search,container.ls,container.inspect,container.logs,volume.ls,volume.inspect,network.ls,network.inspect,compose.ps,compose.logs,compose.config,compose.ls,compose.images,compose.top,compose.version,context.ls,context.show,system.df,system.info,buildx.ls,manifest.inspect !-o !--output !--lock-image-digests
docker-compose:ps,logs,config,images,top,version,ls !-o !--output
kubectl,oc:get,describe,logs,explain,version,api-resources,api-versions,top,cluster-info,config.view,config.current-context,config.get-contexts,auth.can-i,rollout.status,rollout.history,events !--output-directory !--kubeconfig
helm:list,ls,get,status,history,search,show,version,env
terraform,tofu:show,output,validate,version,providers,graph,state.list,state.show,workspace.list,workspace.show
npm:ls,list,ll,la,view,info,show,outdated,why,explain,search,root,prefix,config.get,config.list,config.ls,whoami,fund,pkg.get,query,help
pnpm:ls,list,ll,why,outdated,root,bin,config.get,config.list,licenses
yarn:list,why,info,versions,workspaces.info,workspaces.list,outdated,licenses
bun:pm.ls,pm.bin
pip,pip3:list,show,freeze,check,index.versions,debug,help,config.list,config.get,inspect !--log
uv:pip.list,pip.show,pip.freeze,pip.tree,pip.check,python.list,python.find,tool.list,help,cache.dir
poetry:show,check,env.info,env.list,about
conda:list,info,env.list
cargo:tree,metadata,search,info,locate-project,pkgid,read-manifest,version,help !--config
rustup:show,which,toolchain.list,target.list,component.list
go:version,env,list,doc,help !-w !-u !-toolexec !-exec !-overlay !-export !-vettool !-http
gem:list,info,search,specification,environment,which,outdated
bundle:list,show,info,outdated,platform
composer:show,outdated,licenses,depends,why,info
brew:list,ls,info,search,deps,uses,outdated,config,leaves,desc
apt:list,show,search,policy,depends
gh:pr.list,pr.view,pr.diff,pr.status,pr.checks,issue.list,issue.view,issue.status,run.list,run.view,run.watch,workflow.list,workflow.view,repo.view,repo.list,release.list,release.view,search,label.list,gist.list,gist.view,cache.list,ruleset.list,ruleset.view,variable.list,org.list,project.list,project.view,status,version !-w !--web
gh:auth.status !-t !--show-token
gh:api !-X !--method !-f !-F !--field !--raw-field !--input
glab:mr.list,mr.view,mr.diff,issue.list,issue.view,ci.status,ci.list !-w !--web
git:status,log,show,diff,shortlog,whatchanged,blame,annotate,ls-files,ls-tree,rev-parse,rev-list,merge-base,describe,name-rev,for-each-ref,show-ref,show-branch,count-objects,check-ignore,check-attr,check-mailmap,check-ref-format,cherry,diff-tree,diff-index,diff-files,range-diff,var,version,verify-commit,verify-tag,verify-pack,patch-id,stripspace,column,get-tar-commit-id,cat-file,stash.list,stash.show,remote.show,remote.get-url,reflog.show,reflog.exists,reflog.list,config.get,config.list,worktree.list,submodule.status,submodule.summary,notes.show,notes.list,bisect.log,bundle.verify,bundle.list-heads,lfs.ls-files,lfs.status,lfs.env,sparse-checkout.list !--output !--ext-diff
git:help !-w !--web !-c
git:grep !-O !--open-files-in-pager
git:ls-remote @remote !--upload-pack !--exec
git:hash-object !-w
git:fsck !--lost-found
git:archive !-o !--output !--exec !--remote
git:remote,stash.list,submodule,notes,reflog #0
git:branch #0 !--edit-description !--unset-upstream !-u !--set-upstream-to
git:branch ?-l ?--list ?--contains ?--no-contains ?--merged ?--no-merged ?--points-at !-d !-D !--delete !-m !-M !--move !-c !-C !--copy !-f !--force !-t !--track !-u !--set-upstream-to !--unset-upstream !--edit-description
git:tag #0
git:tag ?-l ?--list ?-n ?--contains ?--no-contains ?--merged ?--no-merged ?--points-at !-d !--delete !-a !--annotate !-s !--sign !-u !-f !--force !-m !--message !-F !--file
git:config #1 @dotted !--unset !--unset-all !--add !--replace-all !-e !--edit !--remove-section !--rename-section
git:config ?-l ?--list ?--get ?--get-all ?--get-regexp ?--get-urlmatch !--unset !--unset-all !--add !--replace-all !-e !--edit !--remove-section !--rename-section
git:symbolic-ref #1 !-d !--delete !-m
git:apply ?--check ?--stat ?--numstat ?--summary !--apply
git:format-patch ?--stdout !-o !--output-directory !--output
";

/// What a reviewer adds: a look at the newest commits, and words.
pub(super) const REVIEWS: &str = "\
git:fetch @remote !--upload-pack !-u
gh:pr.comment,pr.review,issue.comment !-w !--web !-a !--approve
glab:mr.note
";

/// Programs of ordinary development, whatever their flags; rules and protected paths hold for them too.
pub(super) const DEVELOPS: &str = " git cargo rustc rustfmt rustup clippy-driver cross npm npx pnpm yarn bun deno \
    node tsc tsx ts-node eslint prettier biome jest vitest mocha vite webpack rollup esbuild turbo nx next \
    python python3 pip pip3 uv uvx pipx poetry pipenv pdm hatch pytest tox nox coverage ruff black mypy \
    pyright isort flake8 pylint pre-commit go gofmt goimports golangci-lint staticcheck gopls java javac jar \
    mvn mvnw gradle gradlew kotlinc scala sbt ruby bundle rake rspec rubocop gem php composer phpunit perl \
    prove make gmake just task cmake ctest ninja meson bazel buck2 gcc g++ cc c++ clang clang++ clang-format \
    clang-tidy ld ar ranlib strip ldd gdb valgrind dotnet swift swiftc swiftformat swiftlint xcodebuild mix \
    elixir erl rebar3 ghc cabal stack ocaml dune opam zig nim dart flutter julia Rscript lua luajit protoc buf \
    mkdir touch cp mv rm rmdir ln chmod truncate install mktemp tar zip unzip gzip gunzip bzip2 xz zstd 7z \
    patch sed awk split csplit rsync dos2unix curl wget sqlite3 kill pkill wait tput stty gh glab jq yq \
    source . alias pushd ctags hyperfine perf time parallel watch entr codespell typos taplo new-item \
    remove-item copy-item move-item set-content add-content out-file rename-item clear-content ";
