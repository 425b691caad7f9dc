//! Owns which statements of SQL are executed for good. Does not own their letters (`lex`) nor what they do.

/// The statements that are executed: no definitions, no plans, nothing that is rolled back, nothing that is
/// done to temporary tables.
pub(super) fn executed(code: &str) -> String {
    let statements: Vec<&str> = statements(code).map(str::trim).collect();
    let temporary: Vec<&str> = statements.iter().filter_map(|it| temporary(it)).collect();
    let undone = undone(&statements);
    let mut out = String::with_capacity(code.len());
    let mut at = 0;
    while let Some(statement) = statements.get(at) {
        let skip = defined(&statements, at);
        let data = undone.get(at).copied().unwrap_or_default() && is_change(statement);
        if skip == 0 && !data && !is_plan(statement) && !is_scratch(statement, &temporary) {
            out.push_str(statement);
            out.push(';');
        }
        at += skip.max(1);
    }
    out
}

/// The statements of a text; a body in dollar quotes belongs to its own.
fn statements(code: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    let mut before = '\0';
    code.split(move |it| {
        inside ^= it == '$' && before == '$';
        before = if it == '$' && before == '$' { '\0' } else { it };
        it == ';' && !inside
    })
}

/// How many statements from one on are the definition of a function or a trigger.
fn defined(statements: &[&str], at: usize) -> usize {
    let statement = statements.get(at).copied().unwrap_or_default();
    let Some(rest) = statement.strip_prefix("create ") else {
        return 0;
    };
    let kind = |it: &str| matches!(it, "function" | "procedure" | "trigger" | "event" | "rule");
    if !rest.split(' ').take(6).any(kind) {
        return 0;
    }
    if statement.contains("$$") || !rest.split(' ').any(|it| it == "begin") {
        return 1;
    }
    let ends = |it: &&str| {
        let mut words = it.split(' ');
        words.next() == Some("end")
            && !matches!(
                words.next(),
                Some("if" | "loop" | "case" | "while" | "repeat")
            )
    };
    let behind = statements.get(at + 1..).unwrap_or_default();
    // Without its end it is none.
    behind.iter().position(ends).map_or(0, |it| it + 2)
}

/// EXPLAIN without ANALYZE.
fn is_plan(statement: &str) -> bool {
    let Some(rest) = statement.strip_prefix("explain ") else {
        return false;
    };
    let options = match rest.strip_prefix('(') {
        Some(options) => options.split(')').next().unwrap_or_default(),
        None => rest.split(' ').next().unwrap_or_default(),
    };
    !options.contains("analy")
}

/// The name of the temporary table that a statement makes.
fn temporary(statement: &str) -> Option<&str> {
    let mut words = statement.strip_prefix("create ")?.split([' ', '(']);
    let mut word = words.next()?;
    if matches!(word, "local" | "global") {
        word = words.next()?;
    }
    let temporary = matches!(word, "temp" | "temporary");
    if temporary {
        word = words.next()?;
    }
    if word == "unlogged" || word != "table" {
        return None;
    }
    let mut words = words.skip_while(|it| matches!(*it, "if" | "not" | "exists"));
    words.next().filter(|it| temporary || it.starts_with('#'))
}

/// True where what is dropped, emptied or changed is temporary.
fn is_scratch(statement: &str, temporary: &[&str]) -> bool {
    let verbs = ["drop ", "truncate ", "delete from ", "update "];
    let Some(rest) = verbs.iter().find_map(|it| statement.strip_prefix(it)) else {
        return false;
    };
    if rest.starts_with("temporary table ") {
        return true;
    }
    let noise = |it: &&str| matches!(*it, "table" | "only" | "if" | "exists");
    let mut names = rest.split([' ', ',']).filter(|it| !it.is_empty());
    let scratch = |it: &str| {
        let schema = it.starts_with("pg_temp.") || it.starts_with("temp.") || it.starts_with('#');
        schema || temporary.contains(&it)
    };
    let changes = !statement.starts_with("drop ") && !statement.starts_with("truncate ");
    let mut names = names.by_ref().skip_while(noise);
    if changes {
        return names.next().is_some_and(scratch);
    }
    let mut names = names
        .filter(|it| !matches!(*it, "cascade" | "restrict"))
        .peekable();
    names.peek().is_some() && names.all(scratch)
}

fn is_change(statement: &str) -> bool {
    let verbs = ["delete ", "update ", "with "];
    verbs.iter().any(|it| statement.starts_with(it))
}

/// Which statements stand in a transaction that is rolled back as a whole.
fn undone(statements: &[&str]) -> Vec<bool> {
    let mut undone = vec![false; statements.len()];
    let mut begin = None;
    for (at, statement) in statements.iter().enumerate() {
        let mut words = statement.split(' ');
        match (words.next().unwrap_or_default(), words.next()) {
            ("begin", _) | ("start", Some("transaction")) => begin = Some(at),
            ("commit" | "end", _) => begin = None,
            ("rollback", Some("to")) => {}
            ("rollback" | "abort", _) => {
                let range = begin.take().map_or(at..at, |it| it..at);
                undone
                    .get_mut(range)
                    .into_iter()
                    .flatten()
                    .for_each(|it| *it = true);
            }
            _ => {}
        }
    }
    undone
}
