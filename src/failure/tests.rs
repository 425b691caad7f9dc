use super::*;

#[test]
fn every_sample_reads_as_its_class() {
    let (count, mismatches) = sample::run();
    assert!(count >= 220, "only {count} samples");
    let shown: Vec<String> = mismatches
        .iter()
        .map(|it| format!("{}: {}\n  {}", it.class, it.text, it.reason))
        .collect();
    assert!(shown.is_empty(), "\n{}\n", shown.join("\n"));
}

#[test]
fn classes_have_names_and_advice() {
    assert_eq!(Class::ALL.len(), 22);
    for class in Class::ALL {
        assert_eq!(Class::by_id(class.id()), Some(class));
        assert!(class.instead().ends_with('.'), "{}", class.id());
        assert!(class.instead().len() <= 240, "{}", class.id());
        assert!(!class.title().is_empty());
    }
    assert_eq!(Class::by_id("nothing"), None);
}
