//! What may be written on the command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Official health-insurance papers (資格情報のお知らせ, 資格確認書) from insurance records.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
#[command(after_help = "Exit status: 0 all records printed or lawfully not printed; 1 some were rejected or held, \
or there was nothing to print; 2 bad usage, pack, template or policy; 3 reading or writing failed; 130 stopped.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints records into one PDF, or one PDF each
    Render(Render),
    /// Says what the policy decides of records, without drawing: JSON Lines
    Decide(Decide),
    /// Makes a print run: a folder of parts, manifest, counts, refused records, proof and sums for a print shop
    Job(Job),
    /// Prints some sheets of a job again, byte for byte, and enters it in the job's log
    Reprint(Reprint),
    /// Proves a job's folder against its sums and counts
    Verify(Verify),
    /// Checks a pack, and records if given: everything that would be refused; writes nothing
    Check(Check),
    /// Says which characters records need, which font has each and which are missing; draws a proof to sign
    Glyphs(GlyphsArgs),
    /// Prints the JSON Schema of the records, or a list of fields, formats, conditions or reasons
    Schema(Schema),
}

/// The pack.
#[derive(Clone, Debug, Args)]
pub struct PackArgs {
    /// The folder of the insurer's pack
    #[arg(long, value_name = "DIR")]
    pub pack: PathBuf,
    /// A folder of fonts instead of the one that the pack names
    #[arg(long, value_name = "DIR")]
    pub fonts: Option<PathBuf>,
    /// 交付年月日 of records that carry none
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub issue_date: Option<NaiveDate>,
    /// How messages are written on stderr
    #[arg(long, value_enum, default_value = "human")]
    pub message_format: MessageFormat,
    /// Only errors, no progress and no summary
    #[arg(long, short)]
    pub quiet: bool,
}

/// The records.
#[derive(Clone, Debug, Args)]
pub struct InputArgs {
    /// How the records are written down; guessed from the name of the file
    #[arg(long, value_enum)]
    pub format: Option<InputFormat>,
    /// Their encoding
    #[arg(long, value_enum, default_value = "auto")]
    pub encoding: InputEncoding,
    /// Threads; 0: one for each processor, 1: all of it on a single one. The output does not depend on it
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// A JSON line for each record that is not printed, or printed with something to say
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// A stretch of the records.
#[derive(Clone, Debug, Args)]
pub struct StretchArgs {
    /// The first record, counted from 1 as it stands in the input
    #[arg(long, value_name = "ROW", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub from: u64,
    /// The most records
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// All checks and all counts, but nothing is written
    #[arg(long)]
    pub dry_run: bool,
}

/// What the commands share that print records.
#[derive(Debug, Args)]
pub struct PrintArgs {
    #[command(flatten)]
    pub pack: PackArgs,
    /// The records; - for a pipe
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    #[command(flatten)]
    pub records: InputArgs,
    #[command(flatten)]
    pub stretch: StretchArgs,
    /// Write nothing if any record is rejected or held
    #[arg(long)]
    pub strict: bool,
    /// How pages are packed
    #[arg(long, value_enum, default_value = "fast")]
    pub compress: Compress,
}

/// `shikaku job`.
#[derive(Debug, Args)]
pub struct Job {
    #[command(flatten)]
    pub print: PrintArgs,
    /// The folder of the job, which must not exist yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The order of the sheets; members of an enclosure group always follow each other
    #[arg(long, value_enum, default_value = "input")]
    pub order: OrderBy,
    /// The most sheets of a part; an enclosure group is never cut
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub part_sheets: u64,
    /// The most megabytes of a part, fonts and artwork not counted
    #[arg(long, value_name = "MB", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=9_000))]
    pub part_megabytes: u64,
    /// What becomes of an enclosure group with a record that cannot be printed, or is pulled
    #[arg(long, value_enum, default_value = "print")]
    pub incomplete_groups: IncompleteGroups,
    /// Go on with what a stopped run left
    #[arg(long)]
    pub resume: bool,
    /// Who makes it, for the log
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
}

/// `shikaku reprint`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["seq", "id"]))]
pub struct Reprint {
    /// The folder of the job
    #[arg(long, value_name = "DIR")]
    pub job: PathBuf,
    /// The records that the job was made from; - for a pipe
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    /// Sheets by their numbers in the job: 1200-1250,4711
    #[arg(long, value_name = "RANGES")]
    pub seq: Option<String>,
    /// A sheet by its レコードID; may be given several times
    #[arg(long, value_name = "RECORD_ID")]
    pub id: Vec<String>,
    /// The PDF
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// The folder of the pack, if it is not where it was
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// A folder of fonts instead of the one that the pack names
    #[arg(long, value_name = "DIR")]
    pub fonts: Option<PathBuf>,
    /// Who asks for it, for the log
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// Why, for the log
    #[arg(long, value_name = "REASON")]
    pub why: Option<String>,
    /// Threads; 0: one for each processor, 1: all of it on a single one. The output does not depend on it
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// How messages are written on stderr
    #[arg(long, value_enum, default_value = "human")]
    pub message_format: MessageFormat,
    /// Only errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// `shikaku verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of the job
    #[arg(value_name = "DIR")]
    pub job: PathBuf,
    /// How messages are written on stderr
    #[arg(long, value_enum, default_value = "human")]
    pub message_format: MessageFormat,
    /// Only errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// `shikaku render`.
#[derive(Debug, Args)]
pub struct Render {
    #[command(flatten)]
    pub print: PrintArgs,
    /// The PDF; with --split-by record the folder, which must not exist yet
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// One PDF for each record, named by its row
    #[arg(long, value_enum)]
    pub split_by: Option<SplitBy>,
    /// Lists so many sheets on stdout, the tightest first: where a text was made to fit most
    #[arg(long, value_name = "N")]
    pub tightest: Option<usize>,
}

/// `shikaku decide`.
#[derive(Debug, Args)]
pub struct Decide {
    #[command(flatten)]
    pub pack: PackArgs,
    /// The records; - for a pipe
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    #[command(flatten)]
    pub records: InputArgs,
    /// After each decision, for people: which rule fired and which source says so
    #[arg(long)]
    pub explain: bool,
}

/// `shikaku check`.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub pack: PackArgs,
    /// The records; - for a pipe
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    #[command(flatten)]
    pub records: InputArgs,
    /// Lists so many sheets on stdout, the tightest first: where a text was made to fit most
    #[arg(long, value_name = "N", requires = "input")]
    pub tightest: Option<usize>,
}

/// `shikaku glyphs`.
#[derive(Debug, Args)]
pub struct GlyphsArgs {
    #[command(flatten)]
    pub pack: PackArgs,
    /// The records; - for a pipe. Without them --proof draws every 外字 of the pack, used or not
    #[arg(long, value_name = "FILE", required_unless_present = "proof")]
    pub input: Option<PathBuf>,
    #[command(flatten)]
    pub records: InputArgs,
    /// A PDF with every 外字, every variation sequence and every character outside the first font, to be signed
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
}

/// `shikaku schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// The folder of a pack, for its own fields and the codes of its rules
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// A list for people instead of the JSON Schema
    #[arg(long, value_enum)]
    pub list: Option<List>,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// For people.
    Human,
    /// One JSON object per line.
    Json,
}

/// How records are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// CSV with a header.
    Csv,
    /// JSON Lines.
    Jsonl,
}

/// The encoding of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputEncoding {
    /// UTF-8, with or without byte order mark.
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// CP932 (Shift_JIS as Windows writes it).
    #[value(alias = "shift_jis", alias = "sjis")]
    Cp932,
    /// Found out from the file.
    Auto,
}

/// How the output is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SplitBy {
    /// One PDF for each record.
    Record,
}

/// The order of the sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OrderBy {
    /// As the input has them.
    Input,
    /// By 郵便番号.
    Postcode,
    /// By 封入グループ.
    Group,
}

/// What becomes of groups that lack a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IncompleteGroups {
    /// The others are printed and marked in the manifest.
    Print,
    /// The others are held, too.
    Hold,
}

/// How pages are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compress {
    /// Not at all.
    None,
    /// Quickly.
    Fast,
    /// As small as it gets, at more time; files may be longer than 10 GB.
    Small,
}

/// Lists for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum List {
    /// Fields of a record.
    Fields,
    /// Formats of placeholders.
    Formats,
    /// Conditions of templates.
    Conditions,
    /// Codes of decisions and refusals.
    Reasons,
}
