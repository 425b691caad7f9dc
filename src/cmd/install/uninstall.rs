//! Owns `hookbin uninstall`: our entries out of one settings file, everything else as it was. Does not
//! own policy, state and audit: they stay. Invariant: where the file existed before, it has its bytes
//! back.

use std::io::Write;

use anyhow::anyhow;

use super::store::Store;
use super::{InstallArgs, LABELS, diff, layer_path, plan, record, remember};
use crate::cmd::World;
use crate::host::people;
use crate::settings;

/// Removes our entries.
pub fn uninstall(args: &InstallArgs, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    people::outside_client(world.host).map_err(|it| anyhow!(it))?;
    let layer = args.layer();
    let store = Store::open(world, layer, layer_path(world, layer)?)?;
    let mut line =
        |label: &str, text: &str| writeln!(out, "{}", world.paint.line(label, LABELS, text));
    let Some(old) = store.text.clone() else {
        line("unchanged", &format!("there is no {}", store.path))?;
        remember(world, &store.path, false)?;
        return Ok(0);
    };
    let before = store.before();
    let new = if settings::is_blank(old.as_bytes()) {
        old.clone()
    } else {
        plan::uninstall(&old, before.as_deref())
            .map_err(|it| anyhow!("{}: {it}; nothing was written", store.path))?
    };
    if args.dry_run {
        write!(out, "{}", diff::unified(&store.path, &old, &new))?;
        return Ok(0);
    }
    if new == old {
        line(
            "unchanged",
            &format!("{} holds nothing of hookbin", store.path),
        )?;
        remember(world, &store.path, false)?;
        return Ok(0);
    }
    // Without a backup there was no file before: one that is empty again was made by us.
    if before.is_none()
        && serde_json::from_str(&new).is_ok_and(|it: serde_json::Value| it == serde_json::json!({}))
    {
        store.remove()?;
        line(
            "removed",
            &format!("{}, which held nothing else", store.path),
        )?;
    } else {
        store.write(&new)?;
        line("removed", &format!("hookbin from {}", store.path))?;
    }
    if before.is_some_and(|it| it == new) {
        store.remove_backup();
    } else if store.before().is_some() {
        line("backup", &format!("kept: {}", store.backup_path()))?;
    }
    remember(world, &store.path, false)?;
    record(world, "uninstall", &store.path, layer)?;
    line(
        "kept",
        &format!("{} and {}", world.dirs.config, world.dirs.state),
    )?;
    line(
        "note",
        "sessions that are running stay guarded until they end; end them before you remove the program",
    )?;
    Ok(0)
}
