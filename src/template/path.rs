//! Paths as files of the language write them: relative to the file, with slashes.

use crate::template::measure::Wrong;

/// The path of a file named in another file.
pub(in crate::template) fn beside(using: &str, path: &str) -> Result<String, Wrong> {
    if path.is_empty() || path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return Err(Wrong::new(format!("\"{path}\" is not a path inside a pack"))
            .hint("write it relative to this file, with slashes, such as \"../base/styles.toml\""));
    }
    let folder = using.rfind(['/', '\\']).map_or("", |end| &using[..=end]);
    Ok(tidy(&format!("{folder}{path}")))
}

/// The same path without `.` and without `..` where a folder stands before it.
pub(in crate::template) fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let folder = parts.last().is_some_and(|last| *last != "..");
        if part == ".." && folder {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_by_their_words() {
        for (using, path, joined) in [
            ("templates/hokusei/notice.toml", "../base/styles.toml", "templates/base/styles.toml"),
            ("notice.toml", "parts/a.toml", "parts/a.toml"),
            ("notice.toml", "../base/a.toml", "../base/a.toml"),
            ("/packs/a/notice.toml", "./b.toml", "/packs/a/b.toml"),
        ] {
            assert_eq!(beside(using, path).unwrap(), joined);
        }
        for path in ["", "/etc/passwd", "c:a.toml", "a\\b.toml"] {
            assert!(beside("notice.toml", path).is_err(), "{path}");
        }
    }
}
