//! The program as a child: its CPU time, its largest memory, its output.

use std::error::Error;
use std::fs;
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use nix::sys::resource::UsageWho;
use nix::sys::resource::getrusage;

use crate::pack;
use crate::records;

/// The word that makes this program a measuring child.
pub const CHILD: &str = "measure-one-run";

/// What one run took.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// User and system time, in microseconds.
    cpu: u64,
    /// The largest resident memory, in kilobytes.
    memory: u64,
}

/// Prints a row for each number of notices and for one and two threads.
pub fn measure(counts: &[u64]) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    println!("The program, notices into one PDF (CPU is user and system time, the median of the runs)\n");
    println!("| notices | threads | runs | CPU | CPU a sheet | memory | PDF a sheet |");
    println!("|--------:|--------:|-----:|----:|------------:|-------:|------------:|");
    for count in counts {
        let input = folder.path().join("records.csv");
        records::write(*count, BufWriter::new(fs::File::create(&input)?))?;
        for threads in [1, 2] {
            let out = folder.path().join("notices.pdf");
            let runs = match count {
                ..100 => 15,
                100..20_000 => 5,
                20_000.. => 3,
            };
            let mut costs = Vec::with_capacity(runs);
            for _ in 0..runs {
                costs.push(one(&input, &out, threads)?);
            }
            costs.sort_unstable_by_key(|cost| cost.cpu);
            let Cost { cpu, .. } = costs[runs / 2];
            let memory = costs.iter().map(|cost| cost.memory).max().unwrap_or(0);
            println!(
                "| {count} | {threads} | {runs} | {:.1} ms | {:.1} µs | {:.1} MB | {} bytes |",
                cpu as f64 / 1e3,
                cpu as f64 / *count as f64,
                memory as f64 / 1024.0,
                fs::metadata(&out)?.len() / count,
            );
        }
    }
    println!();
    Ok(())
}

/// One run, measured by a process of its own: what the system tells of children is the sum of all of them,
/// and their largest memory.
fn one(input: &Path, out: &Path, threads: usize) -> Result<Cost, Box<dyn Error>> {
    let threads = threads.to_string();
    let output = Command::new(std::env::current_exe()?)
        .args([CHILD, env!("CARGO_BIN_EXE_shikaku"), "render", "--quiet", "--threads", &threads, "--pack"])
        .arg(pack())
        .arg("--input")
        .arg(input)
        .arg("--out")
        .arg(out)
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(cpu), Some(memory)) if output.status.success() => Ok(Cost { cpu: cpu?, memory: memory? }),
        (_, _) => Err("a run failed".into()),
    }
}

/// The measuring child: runs a command and prints what it took.
pub fn child(words: &[String]) -> Result<(), Box<dyn Error>> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let status = Command::new(program).args(arguments).status()?;
    if !status.success() {
        return Err(format!("the program ended with {status}").into());
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = [usage.user_time(), usage.system_time()].map(|time| time.tv_sec() * 1_000_000 + time.tv_usec());
    println!("{} {}", cpu[0] + cpu[1], usage.max_rss());
    Ok(())
}
