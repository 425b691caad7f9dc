use super::{code, says};

/// Lines of a phrase and a text, in which `⏎` is the end of a line.
fn check(lines: &str, expected: bool) {
    for line in lines.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (phrase, text) = line.split_once(" | ").unwrap();
        let code = code(&text.replace('⏎', "\n"));
        assert_eq!(says(phrase, &code), expected, "{text} -> {code}");
    }
}

#[test]
fn strings_comments_definitions_and_plans_are_no_code() {
    let executed = r"
        drop table | DROP  TABLE x
        drop table | drop/**/table x
        drop table | insert into t values ('a'); drop table x
        drop table | select E'it\'s'; drop table x
        drop table | -- it's so⏎drop table x
        drop table | --it is so⏎drop table x
        drop table | --command=drop table x
        drop table | it's what drop table does
        delete from | explain (analyze, costs off) delete from t
        delete from | explain analyze delete from t
        drop table | do $x$ begin drop table x; end $x$
        delete from | create trigger g after insert on a begin select 1; end; delete from b
        drop table | create temp table t as select 1; drop table t, users
        drop table | create table t (a int); drop table t
        ^truncate | begin; truncate users; rollback
        ^truncate | select 1;⏎truncate users
    ";
    let data = r"
        drop table | drop tables
        drop table | select 1 where a like '%drop table%'
        drop table | select 'it''s', 'drop table x'
        drop table | select 'it\'s', 'drop table x'
        drop table | select 1 -- drop table x
        drop table | select 1 /* drop table x */
        drop table | \echo drop table x⏎select 1
        drop table | explain drop table x
        delete from | explain query plan delete from t
        drop table | create function f() returns void as $$ drop table x; $$ language sql
        delete from | create trigger g after insert on a begin delete from b; end; select 1
        drop table | create temp table t as select 1; drop table t
        drop table | drop table if exists pg_temp.t
        ^truncate | select truncate(price, 1) from items
    ";
    check(executed, true);
    check(data, false);
}

#[test]
fn a_where_counts_for_its_own_statement() {
    let executed = r#"
        delete from without where | delete from t
        delete from without where | delete from t; select 1 from u where id = 1
        delete from without where | delete from t where a = 1; delete from nowhere
        delete from without where | delete from t where 1=1
        delete from without where | delete from t where a = 3 or true
        delete from without where | with d as (delete from t returning *) select * from d where a = 1
        delete from without where | begin; delete from t; commit
        update without where | update t set a = 1
        update without where | update t set a = (select b from u where c = 'x')
        update without where | update t set note = 'where are they'
        update without where | update t set note = "where"
        update without where | update t set a = 1 -- where id = 3
        update without where | update t set a = 1 where id = id
        update without where | update t set a = 1⏎go⏎select 1 where b
        update without where | do $$ begin if x then update t set a = 1; end if; end $$
    "#;
    let data = r"
        delete from without where | delete from t where id = 1; select 1
        delete from without where | delete from t where 1 = 1 and id = 3
        delete from without where | with d as (delete from t where a = 1 returning *) select * from d
        delete from without where | begin; delete from t; rollback
        update without where | update t set a = 1 where id = 3
        update without where | update t set a = (select b from u where c = 1) where id in (select 1)
        update without where | insert into t values (1) on conflict (id) do update set a = 1
        update without where | insert into t values (1) on duplicate key update a = 1
        update without where | alter table o add foreign key (u) references t (id) on update set null
        update without where | merge into t using n on t.k = n.k when matched then update set v = n.v
        update without where | select * from t for update
    ";
    check(executed, true);
    check(data, false);
}

#[test]
fn long_text_is_read_in_linear_time() {
    let (delete, many) = ("delete from without where", 90_000);
    assert!(!says("a", &code(&"/* ".repeat(many))));
    assert!(!says(
        "drop table",
        &code(&format!("'{}'", "drop table ".repeat(many)))
    ));
    assert!(!says(
        delete,
        &code(&format!("{} where id = 1", "delete from ".repeat(many)))
    ));
    assert!(!says("b", &code(&"$a$".repeat(many + 1))));
    assert!(says(delete, &code(&"delete from t (".repeat(many))));
    assert!(!says(
        "update without where",
        &code(&"on update set ".repeat(many))
    ));
    assert!(!says(
        "update without where",
        &code(&"update x ".repeat(many))
    ));
}
