//! Packs that a test makes for itself, beside copies of the ones that are there.

#![allow(dead_code, reason = "each test file uses its part of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use shikaku::{Engine, OpenOptions, PackError};
use tempfile::TempDir;

/// The rest of a pack: who the insurer is, and a notice of `yokogawa`.
const REST: &str = r#"
[insurer]
number = "06139992"
placeholder_number = true
name = "見本健康保険組合"
address = "〒000-0000　東京都見本市見本町一丁目1番1号"
phone = "00-0000-0000"

[[document]]
document = "notice"
sheet = "A4"
sides = ["../base/notice.toml"]
"#;

/// A folder with the packs `base` and `yokogawa`, to which packs are added.
pub struct Shelf {
    folder: TempDir,
}

impl Shelf {
    pub fn new() -> Shelf {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::create_dir(folder.path().join("templates")).unwrap();
        for name in ["fonts", "templates/base", "templates/yokogawa"] {
            symlink(root.join(name), folder.path().join(name)).unwrap();
        }
        Shelf { folder }
    }

    /// The folder of a pack.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join("templates").join(name)
    }

    /// A pack of this name; `settings` begin in line 3 of its pack.toml.
    pub fn pack(&self, name: &str, settings: &str) -> PathBuf {
        self.write(name, &format!("inherit = \"base\"\nname = \"{name}\"\n{settings}{REST}"))
    }

    /// A pack that inherits from `parent`.
    pub fn child(&self, name: &str, parent: &str, settings: &str) -> PathBuf {
        self.write(name, &format!("inherit = \"{parent}\"\nname = \"{name}\"\n{settings}"))
    }

    pub fn open(&self, name: &str) -> Result<Engine, PackError> {
        Engine::open(&self.folder(name), &OpenOptions::default())
    }

    fn write(&self, name: &str, settings: &str) -> PathBuf {
        let pack = self.folder(name);
        fs::create_dir(&pack).unwrap();
        fs::write(pack.join("pack.toml"), settings).unwrap();
        pack
    }
}

/// A record of a notice that prints, issued on this day, as JSON.
pub fn notice(issued: &str) -> String {
    let record = include_str!("../../examples/record.jsonl");
    let mut record: serde_json::Value = serde_json::from_str(record).unwrap();
    record["issue_date"] = issued.into();
    record.to_string()
}
