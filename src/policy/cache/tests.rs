use super::*;

#[test]
fn projects_have_different_files() {
    let dirs = Dirs {
        state: "/s".into(),
        ..Dirs::default()
    };
    assert_eq!(file(&dirs, ""), "/s/policy.cache");
    assert_ne!(file(&dirs, "/a"), file(&dirs, "/b"));
    assert!(file(&dirs, "/../x").starts_with("/s/policy-"));
}
