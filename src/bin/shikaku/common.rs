//! What the commands share: opening a pack, an input and a report, and speaking on stderr.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use serde_json::json;
use shikaku::base::diagnostic::{Diagnostic, Severity};
use shikaku::engine::{
    Engine, Event, Input, OpenOptions, Options, RecordReport, RenderError, RunReport, Status, Summary, Tightest,
};
use shikaku::job::output::OutputFile;
use shikaku::pdf::shell::Compression;
use shikaku::record::encoding::Encoding;
use shikaku::record::reader::{Format, ReadError};

use crate::Ending;
use crate::args::{Compress, InputArgs, InputEncoding, InputFormat, MessageFormat, PackArgs, PrintArgs, StretchArgs};
use crate::diagnostics;
use crate::progress::Progress;

/// So many records are named on stderr; the report has all of them.
const MOST_SHOWN: u64 = 20;

/// How the program speaks on stderr.
pub struct Voice {
    format: MessageFormat,
    quiet: bool,
    shown: u64,
}

impl Voice {
    /// As the command line asks for.
    pub fn new(args: &PackArgs) -> Voice {
        Voice::of(args.message_format, args.quiet)
    }

    /// The same of a command without a pack.
    pub fn of(format: MessageFormat, quiet: bool) -> Voice {
        Voice { format, quiet, shown: 0 }
    }

    /// Whether programs listen.
    pub fn is_json(&self) -> bool {
        self.format == MessageFormat::Json
    }

    /// Says how something went: a sentence for people, or an event for programs.
    pub fn event(&self, sentence: &str, event: &serde_json::Value) {
        match self.format {
            MessageFormat::Json => eprintln!("{event}"),
            MessageFormat::Human if self.quiet => {}
            MessageFormat::Human => eprintln!("{sentence}"),
        }
    }

    /// Says what is wrong with a pack.
    pub fn diagnostics(&self, found: &[Diagnostic]) {
        let colour = io::stderr().is_terminal();
        let silenced = |found: &Diagnostic| self.quiet && found.severity == Severity::Warning;
        for diagnostic in found.iter().filter(|found| !silenced(found)) {
            match self.format {
                MessageFormat::Human => eprintln!("{}\n", diagnostics::render(diagnostic, colour)),
                MessageFormat::Json => eprintln!("{}", diagnostics::json(diagnostic)),
            }
        }
    }

    /// Says why the program ends.
    pub fn error(&self, message: &str) {
        match self.format {
            MessageFormat::Human => eprintln!("error: {message}"),
            MessageFormat::Json => eprintln!("{}", json!({ "event": "error", "message": message })),
        }
    }

    /// Says something that does not stop the run.
    pub fn warning(&self, message: &str) {
        match self.format {
            MessageFormat::Human => eprintln!("warning: {message}"),
            MessageFormat::Json => eprintln!("{}", json!({ "event": "warning", "message": message })),
        }
    }

    /// Names a record that is not printed, or that a person should look at.
    pub fn record(&mut self, report: &RecordReport) {
        let quiet = match report.status {
            Status::Printed | Status::Fitted | Status::None => true,
            Status::Warned => self.quiet,
            Status::Held | Status::Rejected => false,
        };
        match self.format {
            MessageFormat::Json => eprintln!("{}", json!({ "event": "record", "record": report })),
            MessageFormat::Human if quiet => {}
            MessageFormat::Human => {
                self.shown += 1;
                if self.shown <= MOST_SHOWN {
                    eprintln!("{report}");
                } else if self.shown == MOST_SHOWN + 1 {
                    eprintln!("… and more; --report FILE lists all of them");
                }
            }
        }
    }

    /// Says what is to be said of a run as a whole.
    pub fn run(&self, report: &RunReport) {
        match self.format {
            MessageFormat::Json => eprintln!("{}", json!({ "event": "run", "run": report })),
            MessageFormat::Human if self.quiet => {}
            MessageFormat::Human => eprintln!("warning: {report}"),
        }
    }

    /// The counts at the end.
    pub fn summary(&self, summary: &Summary) {
        let Summary { records, printed, pages, none, held, rejected, fitted, warned } = summary;
        match self.format {
            MessageFormat::Json => eprintln!(
                "{}",
                json!({ "event": "summary", "records": records, "printed": printed, "pages": pages, "none": none,
                        "held": held, "rejected": rejected, "fitted": fitted, "warned": warned })
            ),
            MessageFormat::Human if self.quiet => {}
            MessageFormat::Human => eprintln!(
                "{records} records: {printed} printed on {pages} pages ({fitted} made to fit, {warned} to look at), \
                 {none} lawfully not printed, {held} held, {rejected} rejected"
            ),
        }
    }

    /// Says what went wrong with a run, and how the program ends for it.
    pub fn failure(&self, error: &RenderError) -> Ending {
        self.error(&error.to_string());
        match error {
            RenderError::Cancelled => Ending::Stopped,
            RenderError::Read(ReadError::Io(_))
            | RenderError::Stamp(_)
            | RenderError::Spool(_)
            | RenderError::InputChanged => Ending::Failed,
            RenderError::Read(_) | RenderError::Shell(_) | RenderError::Page(_) => Ending::Usage,
        }
    }
}

/// Opens the pack.
pub fn open(args: &PackArgs, voice: &Voice) -> Result<Engine, Ending> {
    let options = OpenOptions { fonts: args.fonts.clone(), issue_date: args.issue_date };
    Engine::open(&args.pack, &options).map_err(|error| {
        voice.diagnostics(&error.0);
        Ending::Usage
    })
}

/// The records: a file, or a pipe that is spooled so that it can be read twice.
pub fn input(path: &Path, voice: &Voice) -> Result<Input, Ending> {
    let opened = match path.as_os_str() == "-" {
        true => Input::spool(io::stdin().lock()),
        false => std::fs::metadata(path).and_then(|found| match found.is_file() {
            true => Ok(Input::file(path)),
            // A named pipe or a device can be read once.
            false if !found.is_dir() => Input::spool(std::fs::File::open(path)?),
            false => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
        }),
    };
    opened.map_err(|error| {
        voice.error(&format!("cannot read {}: {error}", path.display()));
        Ending::Failed
    })
}

/// How the records are read.
pub fn options<'o>(
    args: &InputArgs,
    path: &Path,
    cancel: &'o AtomicBool,
    voice: &Voice,
) -> Result<Options<'o>, Ending> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
    let format = match (args.format, extension.as_str()) {
        (Some(InputFormat::Csv), _) => Format::Csv,
        (Some(InputFormat::Jsonl), _) => Format::JsonLines,
        (None, "csv") => Format::Csv,
        (None, "jsonl" | "ndjson" | "json") => Format::JsonLines,
        (None, _) => {
            voice.error("the name of the input does not tell its format; give --format csv or --format jsonl");
            return Err(Ending::Usage);
        }
    };
    let encoding = match args.encoding {
        InputEncoding::Utf8 => Encoding::Utf8,
        InputEncoding::Cp932 => Encoding::Cp932,
        InputEncoding::Auto => Encoding::Auto,
    };
    let threads = threads(args.threads);
    Ok(Options { format, encoding, threads, cancel: Some(cancel), ..Options::default() })
}

/// Opens the pack and the records of a command that prints them, and listens for Ctrl-C.
pub fn begin(args: &PrintArgs, out: &Path, voice: &Voice) -> Result<(Engine, Input, Arc<AtomicBool>), Ending> {
    let outputs = [Some(out), args.records.report.as_deref()];
    keep_apart(&args.input, outputs.into_iter().flatten(), voice)?;
    let engine = open(&args.pack, voice)?;
    let input = input(&args.input, voice)?;
    Ok((engine, input, cancel_flag()))
}

/// How such a command reads and prints.
pub fn printing<'o>(args: &PrintArgs, cancel: &'o AtomicBool, voice: &Voice) -> Result<Options<'o>, Ending> {
    let compression = match args.compress {
        Compress::None => Compression::None,
        Compress::Fast => Compression::Fast,
        Compress::Small => Compression::Small,
    };
    let StretchArgs { from, limit, .. } = args.stretch;
    let options = options(&args.records, &args.input, cancel, voice)?;
    Ok(Options { from, limit, strict: args.strict, compression, ..options })
}

/// Threads; 0: one for each processor.
pub fn threads(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, |count| count.get()),
        threads => threads,
    }
}

/// Refuses to write over the input, or two outputs into one file.
pub fn keep_apart<'p>(input: &'p Path, outputs: impl Iterator<Item = &'p Path>, voice: &Voice) -> Result<(), Ending> {
    // A file that does not exist yet is known by its folder.
    let known = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(parent.canonicalize().ok()?.join(path.file_name()?))
        })
    };
    let mut taken: Vec<_> = known(input).into_iter().collect();
    for path in outputs {
        let Some(found) = known(path) else { continue };
        if taken.contains(&found) {
            voice.error(&format!("{} is named twice; input, --out and --report must differ", path.display()));
            return Err(Ending::Usage);
        }
        taken.push(found);
    }
    Ok(())
}

/// A flag that Ctrl-C sets. To be asked for when a pipe has been read: until then Ctrl-C may simply end
/// the program, as there is nothing to clean up.
pub fn cancel_flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    let handler = move || {
        // Who presses it twice does not want to wait for the end of a batch.
        if set.swap(true, Ordering::Relaxed) {
            std::process::exit(Ending::Stopped as i32);
        }
    };
    // Without a handler Ctrl-C still ends the program; it only leaves its unfinished file behind.
    if ctrlc::set_handler(handler).is_err() {
        eprintln!("warning: Ctrl-C cannot be caught here");
    }
    flag
}

/// The report of a run, under way.
pub struct Report(Option<OutputFile>);

impl Report {
    /// Begins it, if one is wanted.
    pub fn begin(path: Option<&Path>, voice: &Voice) -> Result<Report, Ending> {
        let Some(path) = path else { return Ok(Report(None)) };
        OutputFile::create(path).map(|file| Report(Some(file))).map_err(|error| {
            voice.error(&format!("cannot write {}: {error}", path.display()));
            Ending::Failed
        })
    }

    /// Adds a line.
    pub fn add(&mut self, report: &impl Serialize) -> io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        serde_json::to_writer(&mut *file, report)?;
        file.write_all(b"\n")
    }

    /// Gives it its name.
    pub fn finish(self) -> io::Result<()> {
        self.0.map_or(Ok(()), OutputFile::finish)
    }
}

/// Hears a run: shows progress, names records, writes the report.
pub struct Listener<'l> {
    pub voice: &'l mut Voice,
    input: &'l Input,
    pub report: Report,
    pub progress: Progress,
    /// The tightest sheets, if they are asked for.
    pub tightest: Option<Tightest>,
    /// The first line of the report that could not be written.
    pub failed: Option<io::Error>,
}

impl<'l> Listener<'l> {
    /// Begins to hear a run over `input`; `tightest`: so many sheets are listed at the end.
    pub fn new(voice: &'l mut Voice, input: &'l Input, report: Report, tightest: Option<usize>) -> Listener<'l> {
        let progress = Progress::new(voice.quiet, voice.is_json());
        Listener { voice, input, report, progress, tightest: tightest.map(Tightest::new), failed: None }
    }

    /// One event of the run.
    pub fn hear(&mut self, event: Event<'_>) {
        match event {
            Event::UnknownColumn(name) => {
                let message = format!("no field takes the column \"{name}\"; it is left out");
                self.progress.hidden(|| self.voice.warning(&message));
            }
            Event::Record(report) => {
                match report.status {
                    Status::Rejected | Status::Held => self.progress.refused(),
                    Status::None | Status::Printed | Status::Fitted | Status::Warned => {}
                }
                self.progress.hidden(|| self.voice.record(report));
                if let Some(tightest) = &mut self.tightest {
                    tightest.hear(report);
                }
                if let Err(error) = self.report.add(report) {
                    self.failed.get_or_insert(error);
                }
            }
            Event::Run(report) => {
                self.progress.hidden(|| self.voice.run(report));
                if let Err(error) = self.report.add(report) {
                    self.failed.get_or_insert(error);
                }
            }
            Event::Checked(records) => self.progress.checked(records, || self.input.share()),
            Event::Printed { done, all } => self.progress.printed(done, all),
        }
    }

    /// Ends the report and lists the tightest sheets.
    pub fn finish(self) -> Result<(), Ending> {
        self.progress.finish();
        if let Some(tightest) = &self.tightest {
            // Who reads no further has seen enough.
            let _ = list(tightest, &mut io::stdout().lock());
        }
        let ended = match self.failed {
            Some(error) => Err(error),
            None => self.report.finish(),
        };
        ended.map_err(|error| {
            self.voice.error(&format!("the report could not be written: {error}"));
            Ending::Failed
        })
    }
}

/// The sheets, separated by tabs.
fn list(tightest: &Tightest, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "row\trecord_id\tfield\tstep\tletters_percent\twidth_percent\tsize_pt\tspaces_percent\tlines")?;
    for sheet in tightest.sheets() {
        let (id, fit) = (sheet.record_id.as_deref().unwrap_or("-"), &sheet.fit);
        let field = fit.field.as_deref().unwrap_or("-");
        write!(out, "{}\t{id}\t{field}\t{}\t{}\t{}", sheet.row, fit.step, fit.letters, fit.percent)?;
        writeln!(out, "\t{}\t{}\t{}", fit.size, fit.spaces, fit.lines)?;
    }
    out.flush()
}
