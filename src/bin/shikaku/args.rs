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
    /// Threads; 0: one for each processor. The output does not depend on it
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// A JSON line for each record that is not printed, or printed with something to say
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `shikaku render`.
#[derive(Debug, Args)]
pub struct Render {
    #[command(flatten)]
    pub pack: PackArgs,
    /// The records; - for a pipe
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    #[command(flatten)]
    pub records: InputArgs,
    /// The PDF; with --split-by record the folder, which must not exist yet
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// One PDF for each record, named by its row
    #[arg(long, value_enum)]
    pub split_by: Option<SplitBy>,
    /// Write nothing if any record is rejected or held
    #[arg(long)]
    pub strict: bool,
    /// How pages are packed
    #[arg(long, value_enum, default_value = "fast")]
    pub compress: Compress,
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

/// How pages are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compress {
    /// Not at all.
    None,
    /// Quickly.
    Fast,
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
