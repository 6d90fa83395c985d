//! Diagnostics for people and for programs: the one place that prints them.

use annotate_snippets::AnnotationKind;
use annotate_snippets::Group;
use annotate_snippets::Level;
use annotate_snippets::Renderer;
use annotate_snippets::Snippet;
use shikaku::base::diagnostic::Diagnostic;
use shikaku::base::diagnostic::Place;
use shikaku::base::diagnostic::Severity;

/// A diagnostic with the line that is meant and a marker under it, as compilers print it. Ends without
/// a line feed.
pub fn render(diagnostic: &Diagnostic, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = match &diagnostic.place {
        None => Group::with_title(level.primary_title(diagnostic.message.as_str())),
        Some(place) => {
            let annotation = AnnotationKind::Primary.span(marked(place));
            let snippet = Snippet::source(place.source.text.as_str()).path(place.source.name.as_str());
            level.primary_title(diagnostic.message.as_str()).element(snippet.annotation(annotation))
        }
    };
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

/// The bytes to mark: those of the place, cut to whole characters of its first line.
fn marked(place: &Place) -> std::ops::Range<usize> {
    let text = &place.source.text;
    let start = text.floor_char_boundary(place.span.start.min(text.len()));
    let end = text.ceil_char_boundary(place.span.end.clamp(start, text.len()));
    let line = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
    start..end.min(line)
}

/// A diagnostic as one JSON object: `severity`, `message`, `file`, `line`, `column` (both from 1, the
/// column in characters), `end_line`, `end_column` (behind the last character) and `hint`; `null`
/// where there is none.
pub fn json(diagnostic: &Diagnostic) -> serde_json::Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let end = |place: &Place| Place { source: place.source.clone(), span: place.span.end..place.span.end };
    let place = diagnostic.place.as_ref();
    let start = place.map(Place::line_and_column);
    let end = place.map(|place| end(place).line_and_column());
    serde_json::json!({
        "severity": severity,
        "message": diagnostic.message,
        "file": place.map(|place| place.source.name.as_str()),
        "line": start.map(|start| start.0),
        "column": start.map(|start| start.1),
        "end_line": end.map(|end| end.0),
        "end_column": end.map(|end| end.1),
        "hint": diagnostic.hint,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use shikaku::base::diagnostic::Source;

    use super::*;

    fn wrong() -> Diagnostic {
        let text = "sheet = \"A4\"\nvalue = \"ご担当者名 {{氏名}} 様\"\n";
        let source = Arc::new(Source { name: "notice.toml".into(), text: text.into() });
        let start = text.find("{{").unwrap();
        Diagnostic::error("unknown field `氏名`").at(&source, start..start + "{{氏名}}".len()).hint("write `name`")
    }

    /// Kanji take two cells, so the marker starts in cell 20 of the text and is 8 cells wide.
    #[test]
    fn the_marker_stands_under_japanese_words() {
        let expected = "\
error: unknown field `氏名`
 --> notice.toml:2:16
  |
2 | value = \"ご担当者名 {{氏名}} 様\"
  |                     ^^^^^^^^
  |
  = help: write `name`";
        assert_eq!(render(&wrong(), false), expected);
    }

    #[test]
    fn colour_is_a_choice() {
        assert!(render(&wrong(), true).contains('\u{1b}'));
        assert!(!render(&wrong(), false).contains('\u{1b}'));
    }

    #[test]
    fn programs_get_the_place_in_characters() {
        let found = json(&wrong());
        assert_eq!((&found["line"], &found["column"]), (&2.into(), &16.into()));
        assert_eq!((&found["end_line"], &found["end_column"]), (&2.into(), &22.into()));
        assert_eq!(found["hint"], "write `name`");
        let bare = json(&Diagnostic::warning("look"));
        assert_eq!((&bare["severity"], &bare["file"]), (&"warning".into(), &serde_json::Value::Null));
        assert_eq!(render(&Diagnostic::warning("look"), false), "warning: look");
    }

    #[test]
    fn places_at_the_end_are_shown() {
        for text in ["", "a", "氏名", "氏名\n"] {
            let source = Arc::new(Source { name: "t.toml".into(), text: text.into() });
            for span in [0..0, 0..text.len(), text.len()..text.len(), text.len()..text.len() + 5] {
                assert!(render(&Diagnostic::error("wrong").at(&source, span), false).contains("wrong"));
            }
        }
    }
}
