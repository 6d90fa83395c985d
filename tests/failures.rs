//! What goes wrong while reading and writing, and what is left then: a full disk, a wrong folder, Ctrl-C, a kill.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::product::{PACK, Ran, SAMPLE, assert_ended, folder, many, names, program, render, text, write};

// ---- Input and output that fail: 3

#[test]
fn input_that_cannot_be_read_ends_with_3() {
    let folder = folder();
    let out = folder.path().join("out.pdf");
    let missing = folder.path().join("missing.csv");
    let ran = render(&missing, &out, &[]);
    assert_ended(&ran, 3, "error: cannot read", folder.path(), &[]);
    let ran = render(Path::new("templates"), &out, &["--format", "csv"]);
    assert_ended(&ran, 3, "error: cannot read templates", folder.path(), &[]);
}

#[test]
fn output_that_cannot_be_written_ends_with_3() {
    let folder = folder();
    let ran = render(Path::new(SAMPLE), &folder.path().join("missing/out.pdf"), &[]);
    assert_ended(&ran, 3, "error: cannot write", folder.path(), &[]);
    let ran = render(Path::new(SAMPLE), folder.path(), &[]);
    assert_ended(&ran, 3, "give the name of a file", folder.path(), &[]);
    let report = folder.path().join("missing/report.jsonl");
    let ran = render(Path::new(SAMPLE), &folder.path().join("out.pdf"), &["--report", text(&report)]);
    assert_ended(&ran, 3, "error: cannot write", folder.path(), &[]);
    // Root writes where nobody may.
    if fs::metadata(folder.path()).unwrap().uid() != 0 {
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
        let ran = render(Path::new(SAMPLE), &folder.path().join("out.pdf"), &[]);
        assert_ended(&ran, 3, "error: cannot write", folder.path(), &[]);
    }
}

#[test]
fn a_device_or_a_pipe_is_not_replaced() {
    let folder = folder();
    let pipe = folder.path().join("out.pdf");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let ran = render(Path::new(SAMPLE), &pipe, &[]);
    assert_ended(&ran, 3, "give the name of a file", folder.path(), &["out.pdf"]);
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
}

#[test]
fn a_full_disk_leaves_nothing() {
    let folder = folder();
    let out = folder.path().join("out.pdf");
    // No file may pass 32 KiB or 64 KiB, whichever block this shell counts in; the signal is ignored, so that
    // writing fails as it does on a full disk.
    let limited = |command: &str| -> Ran {
        let script = format!("trap '' XFSZ; ulimit -f 64; exec \"$0\" {command}");
        let mut shell = Command::new("bash");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_shikaku"), PACK, SAMPLE, text(&out)]);
        shell.output().unwrap().into()
    };
    let render = "render --pack \"$1\" --input \"$2\" --out \"$3\"";
    assert_ended(&limited(render), 3, "error:", folder.path(), &[]);
    write(folder.path(), "out.pdf", "what was there before");
    assert_ended(&limited(render), 3, "error:", folder.path(), &["out.pdf"]);
    assert_eq!(fs::read_to_string(&out).unwrap(), "what was there before");
    fs::remove_file(&out).unwrap();
    assert_ended(&limited(&format!("{render} --split-by record")), 3, "error:", folder.path(), &[]);
}

#[test]
fn pages_that_have_no_room_to_wait_end_the_run() {
    let folder = folder();
    let input = write(folder.path(), "many.csv", many(18_000));
    let work = folder.path().join("work");
    fs::create_dir(&work).unwrap();
    // More than waits in memory (8 MiB), and no file may pass 4 MiB.
    let command = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" render --pack \"$1\" --input \"$2\" --out \"$3\"";
    let mut shell = Command::new("bash");
    let out = work.join("out.pdf");
    shell.args(["-c", command, env!("CARGO_BIN_EXE_shikaku"), PACK, text(&input), text(&out)]);
    let ran: Ran = shell.output().unwrap().into();
    assert_ended(&ran, 3, "error: the file that holds the pages", &work, &[]);
}

// ---- Stopped on the way

/// Waits for the unfinished file in the folder to reach a size, then sends a signal.
fn stop(child: &mut Child, folder: &Path, size: u64, signal: Signal) {
    let begun = Instant::now();
    let is_there = || {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let hidden = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(".shikaku-"));
        hidden.filter_map(|entry| entry.metadata().ok()).any(|found| found.size() >= size)
    };
    while !is_there() {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before it could be stopped");
        assert!(begun.elapsed() < Duration::from_secs(120), "no unfinished file");
        std::thread::sleep(Duration::from_millis(2));
    }
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
}

fn stopped(size: u64, signal: Signal) -> (Option<i32>, String, Vec<String>) {
    let folder = folder();
    let input = write(folder.path(), "many.csv", many(4000));
    let work = folder.path().join("work");
    fs::create_dir(&work).unwrap();
    let out = work.join("out.pdf");
    let mut command =
        program(&["render", "--pack", PACK, "--input", text(&input), "--out", text(&out), "--threads", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    stop(&mut child, &work, size, signal);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap(), names(&work))
}

#[test]
fn control_c_leaves_nothing_in_either_pass() {
    // 0 bytes: while records are checked. One byte: while they are printed.
    for size in [0, 1] {
        let (status, said, left) = stopped(size, Signal::SIGINT);
        assert_eq!(status, Some(130), "{said}");
        assert!(said.contains("stopped before the end"), "{said}");
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_kill_leaves_nothing_under_the_final_name() {
    for size in [0, 1] {
        let (status, _, left) = stopped(size, Signal::SIGKILL);
        assert_eq!(status, None);
        assert!(!left.contains(&"out.pdf".to_owned()), "{left:?}");
    }
}
