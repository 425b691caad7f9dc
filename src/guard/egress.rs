//! Owns the guard over hosts: the policy's lists and mode of `egress`, for shell text and for the
//! addresses that other tools are given. Does not own where a command connects to (`rule`). Invariant:
//! where the policy asks nothing of hosts, nothing is looked at; this machine is always reached.

use std::borrow::Cow;

use super::{Cx, Guard};
use crate::event::{Part, Role};
use crate::policy::Egress;
use crate::rule::{Address, reached, reached_by_tool};
use crate::shell::Span;
use crate::verdict::{Decision, Finding, Severity};

/// The pack name of this guard's findings in overrides: `pack:hosts`.
const PACK: &str = "hosts";

/// Objects to hosts that the policy does not want reached.
pub struct EgressGuard;

impl Guard for EgressGuard {
    fn id(&self) -> &'static str {
        "egress"
    }

    fn check(&self, cx: &Cx) -> Vec<Finding> {
        let egress = &cx.policy.egress;
        let Some(call) = cx.event.call().filter(|_| !egress.is_open()) else {
            return Vec::new();
        };
        let mut findings: Vec<Finding> = Vec::new();
        let mut judge = |host: &Address, span: Option<Span>| {
            let finding = objection(cx, egress, host, span);
            let known = |it: &Finding| findings.iter().any(|known| known.subject == it.subject);
            findings.extend(finding.filter(|it| !known(it)));
        };
        let urls = call.parts.iter().filter(|it| it.role == Role::Url);
        let urls: Vec<Cow<str>> = urls.map(Part::text).collect();
        for host in reached_by_tool(&urls) {
            judge(&host, None);
        }
        let invocations = cx.reading.map_or(&[][..], |it| &it.invocations);
        for (index, invocation) in invocations.iter().enumerate() {
            let reading = cx.reading.unwrap_or(&super::NO_READING);
            for host in reached(reading, index, &cx.locator) {
                judge(&host, Some(invocation.span));
            }
        }
        findings
    }
}

/// What the policy says of a host.
fn objection(cx: &Cx, egress: &Egress, host: &Address, span: Option<Span>) -> Option<Finding> {
    let listed = |list: &[String]| list.iter().any(|it| host.fits(it));
    let (rule, severity, decision, why) = if listed(&egress.deny) {
        let why = "the policy lists this host among those never reached.";
        ("egress-host-denied", Severity::High, Decision::Deny, why)
    } else if listed(&egress.ask) {
        let why = "the policy wants to be asked about this host.";
        ("egress-host-asked", Severity::Medium, Decision::Ask, why)
    } else if host.is_own() && !host.is_partial() || listed(&egress.allow) {
        return None;
    } else {
        let why = "the policy does not list this host among those that may be reached.";
        ("egress-host-unlisted", Severity::Medium, egress.others, why)
    };
    let instead = "work with what is on this machine, or ask the user to list the host.";
    let words = (why.into(), instead.into());
    let grade = (severity, decision);
    cx.finding((rule, PACK), grade, words, host.name.clone(), span)
}
