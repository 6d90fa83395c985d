//! temp
use shikaku::base::diagnostic::Diagnostic;
/// temp
pub fn render(diagnostic: &Diagnostic, _colour: bool) -> String { diagnostic.to_string() }
/// temp
pub fn json(diagnostic: &Diagnostic) -> serde_json::Value { serde_json::json!({"message": diagnostic.to_string()}) }
