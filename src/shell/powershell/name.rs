//! Owns the names of cmdlets: their aliases and their parameters, as one text. Does not own what a cmdlet
//! does (`kin`). Invariant: names are lower case, and no list of references is built at start.

use crate::word::listed;

/// One cmdlet: its parameters that are given by position, those that take a value, and the switches.
#[derive(Clone, Copy, Debug)]
pub(in crate::shell) struct Cmdlet {
    pub(in crate::shell) name: &'static str,
    pub(super) positions: &'static str,
    pub(super) valued: &'static str,
    pub(super) switches: &'static str,
}

/// The cmdlet that a name or an alias stands for.
pub(in crate::shell) fn cmdlet(name: &str) -> Option<Cmdlet> {
    let name = name.to_ascii_lowercase();
    let rows = CMDLETS.lines();
    rows.filter_map(row)
        .find(|(cmdlet, aliases)| cmdlet.name == name || listed(aliases, &name))
        .map(|it| it.0)
}

/// True for names that are programs of their own outside Windows.
pub(in crate::shell) fn is_native_elsewhere(name: &str) -> bool {
    matches!(
        name,
        "rm" | "rmdir"
            | "cp"
            | "mv"
            | "ls"
            | "cat"
            | "kill"
            | "ps"
            | "curl"
            | "wget"
            | "tee"
            | "sort"
            | "sleep"
            | "mkdir"
            | "man"
            | "sc"
    )
}

fn row(line: &'static str) -> Option<(Cmdlet, &'static str)> {
    let mut fields = line.split('|').map(str::trim);
    let name = fields.next()?;
    let aliases = fields.next()?;
    let cmdlet = Cmdlet {
        name,
        positions: fields.next()?,
        valued: fields.next()?,
        switches: fields.next()?,
    };
    Some((cmdlet, aliases))
}

/// Name, aliases, parameters by position, other parameters with a value, switches.
const CMDLETS: &str = "\
remove-item | ri rm del erase rd rmdir | path | literalpath pspath>literalpath lp>literalpath filter include exclude stream credential | recurse force
get-childitem | gci ls dir | path filter | literalpath include exclude depth attributes | recurse force name directory file hidden readonly system followsymlink
get-content | gc cat type | path | literalpath pspath>literalpath lp>literalpath totalcount head first tail last readcount delimiter encoding filter include exclude stream | raw wait force asbytestream
set-content | sc | path value | literalpath encoding filter include exclude stream | force nonewline passthru noclobber asbytestream
add-content | ac | path value | literalpath encoding filter include exclude stream | force nonewline passthru asbytestream
clear-content | clc | path | literalpath filter include exclude stream | force
out-file | | filepath encoding | literalpath width inputobject path | append force noclobber nonewline
tee-object | tee | filepath | literalpath variable inputobject encoding | append
export-csv | epcsv | path delimiter | literalpath encoding inputobject quotefields usequotes | append force noclobber notypeinformation useculture includetypeinformation
export-clixml | | path | literalpath encoding inputobject depth | force noclobber
import-csv | ipcsv | path delimiter | literalpath header encoding | useculture
import-clixml | | path | literalpath first skip | includetotalcount
get-filehash | | path algorithm | literalpath inputstream |
copy-item | copy cp cpi | path destination | literalpath filter include exclude tosession fromsession credential | recurse force container passthru
move-item | move mv mi | path destination | literalpath filter include exclude credential | force passthru
rename-item | ren rni | path newname | literalpath credential | force passthru
new-item | ni mkdir md | path | itemtype type name value target credential | force
get-item | gi | path | literalpath filter include exclude stream | force
get-itemproperty | gp | path name | literalpath filter include exclude |
set-itemproperty | sp | path name value | literalpath type filter include exclude inputobject | force passthru
resolve-path | rvpa | path | literalpath relativebasepath | relative
convert-path | cvpa | path | literalpath |
test-path | | path | literalpath pathtype filter include exclude | isvalid
join-path | | path childpath additionalchildpath | credential | resolve
split-path | | path | literalpath | parent leaf leafbase extension qualifier noqualifier resolve isabsolute
get-location | gl pwd | | psprovider psdrive stackname | stack
set-location | sl cd chdir | path | literalpath stackname | passthru
push-location | pushd | path | literalpath stackname | passthru
pop-location | popd | | stackname | passthru
invoke-webrequest | iwr curl wget | uri | outfile infile method headers body contenttype useragent credential websession sessionvariable timeoutsec maximumredirection maximumretrycount retryintervalsec proxy proxycredential form token authentication certificate certificatethumbprint customMethod httpversion sslprotocol transferencoding operationtimeoutseconds connectiontimeoutseconds | usebasicparsing skipcertificatecheck skiphttperrorcheck skipheadervalidation usedefaultcredentials disablekeepalive passthru resume allowunencryptedauthentication proxyusedefaultcredentials allowinsecureredirect preserveauthorizationonredirect preservehttpmethodonredirect
invoke-restmethod | irm | uri | outfile infile method headers body contenttype useragent credential websession sessionvariable timeoutsec maximumredirection maximumretrycount retryintervalsec proxy proxycredential form token authentication certificate certificatethumbprint responseheadersvariable statuscodevariable httpversion maximumfollowrellink sslprotocol transferencoding operationtimeoutseconds connectiontimeoutseconds | usebasicparsing skipcertificatecheck skiphttperrorcheck skipheadervalidation usedefaultcredentials disablekeepalive passthru resume followrellink allowunencryptedauthentication allowinsecureredirect
start-bitstransfer | | source destination | transfertype displayname description priority credential proxyusage | asynchronous dynamic
invoke-expression | iex | command | |
invoke-command | icm | computername scriptblock | session argumentlist filepath hostname username keyfilepath credential port vmname containerid inputobject throttlelimit | asjob usessl hidecomputername
start-process | saps start | filepath argumentlist | args>argumentlist path>filepath verb workingdirectory windowstyle redirectstandardoutput redirectstandarderror redirectstandardinput credential environment | wait passthru nonewwindow loaduserprofile usenewenvironment
stop-process | spps kill | id | name processname>name inputobject | force passthru
get-process | gps ps | name | id inputobject processname>name computername | includeusername fileversioninfo module
foreach-object | foreach % | process | begin end remainingscripts membername argumentlist throttlelimit timeoutseconds inputobject parallel | asjob usenewrunspace
where-object | where ? | property value | filterscript inputobject | eq ne gt ge lt le like notlike match notmatch contains notcontains in notin is isnot not ceq cne clike cmatch cin
select-object | select | property | excludeproperty expandproperty first last skip skiplast index inputobject | unique wait caseinsensitive
sort-object | sort | property | culture top bottom inputobject | descending unique casesensitive stable
write-output | echo write | inputobject | | noenumerate
select-string | sls | pattern path | literalpath include exclude context encoding inputobject culture | quiet list simplematch casesensitive notmatch allmatches raw noemphasis
out-string | oss | | width inputobject | stream nonewline
compress-archive | | path destinationpath | literalpath compressionlevel | update force passthru
expand-archive | | path destinationpath | literalpath | force passthru
send-mailmessage | | to subject body smtpserver | attachments bcc cc from priority port credential encoding | usessl bodyashtml
start-job | sajb | scriptblock | name filepath literalpath initializationscript inputobject argumentlist credential workingdirectory | runas32
start-threadjob | | scriptblock | name filepath initializationscript inputobject argumentlist throttlelimit | 
set-alias | sal | name value | description option scope | force passthru
new-alias | nal | name value | description option scope | force passthru
set-variable | sv set | name value | description option scope visibility include exclude | force passthru append
new-variable | nv | name value | description option scope visibility | force passthru
stop-computer | | computername credential | protocol wsmanauthentication | force asjob
restart-computer | | computername credential | protocol wsmanauthentication for timeout delay | force wait
add-type | | typedefinition | assemblyname path literalpath memberdefinition name namespace language referencedassemblies outputassembly outputtype | passthru ignorewarnings
invoke-sqlcmd | | query | serverinstance database inputfile username password variable querytimeout connectionstring | encryptconnection trustservercertificate
invoke-item | ii | path | literalpath filter include exclude credential |
set-acl | | path aclobject | literalpath filter include exclude | passthru
get-acl | | path | literalpath filter include exclude | audit
import-module | ipmo | name | prefix function cmdlet variable alias requiredversion minimumversion maximumversion scope | force global passthru disablenamechecking
measure-object | measure | property | inputobject | sum average maximum minimum line word character
";

/// Parameters that every cmdlet has.
pub(super) const COMMON_VALUED: &str = "erroraction ea warningaction wa informationaction \
    errorvariable ev outvariable ov outbuffer pipelinevariable progressaction";
pub(super) const COMMON_SWITCHES: &str = "whatif wi confirm cf verbose vb debug db";
