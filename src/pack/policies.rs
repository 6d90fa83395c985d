//! The policy of a pack: its `policy.toml`, or the versions that its `pack.toml` lists.
//!
//! Each version inherits from the `policy.toml` of the pack's ancestors. A list is never inherited: which of its
//! versions would stand behind which of the child's could be read in two ways.

use std::sync::Arc;

use toml::Spanned;
use toml::value::Datetime;

use crate::base::Date;
use crate::base::diagnostic::{Diagnostic, Place, Source};
use crate::base::toml::day;
use crate::pack::file::PolicyTable;
use crate::pack::{Layer, Loading, source};
use crate::policy::model::Policy;
use crate::policy::read::read as read_policy;
use crate::policy::versions::{Policies, Version};

/// The file of a pack without a list of versions.
const POLICY: &str = "policy.toml";

/// A version whose days have been read.
struct Listed<'l> {
    table: &'l PolicyTable,
    first: Option<Date>,
    last: Option<Date>,
}

impl Loading<'_> {
    /// The policy, version by version; `None` when something is wrong with it, which the errors then tell.
    pub(in crate::pack) fn policies(&mut self) -> Option<Policies> {
        let layers = self.layers;
        match &layers[0].file.policy {
            Some(list) => self.versions(list),
            None => self.single(),
        }
    }

    fn single(&mut self) -> Option<Policies> {
        let layers = self.layers;
        if let Some(parent) = layers.iter().skip(1).find(|layer| layer.file.policy.is_some()) {
            let name = parent.folder.file_name().unwrap_or_default().to_string_lossy();
            let message = format!("`{name}` lists versions of its policy, and a list is not inherited");
            let place = self.own().file.inherit.as_ref().map_or(0..0, Spanned::span);
            let hint = format!(
                "list the versions that hold here: [[policy]] with file, from and until; a file of the parent is \
                 \"../{name}/…\""
            );
            self.errors.push(Diagnostic::error(message).at(&self.own().source, place).hint(hint));
            return None;
        }
        let mut chain = Vec::new();
        self.inherited(layers, &mut chain);
        if chain.is_empty() {
            let error = Diagnostic::error("neither the pack nor its ancestors have a policy.toml");
            self.errors.push(error.at(&self.own().source, 0..0));
            return None;
        }
        read_policy(&chain, &self.fields).map_err(|errors| self.complain(errors)).ok().map(Policies::always)
    }

    fn versions(&mut self, list: &Spanned<Vec<PolicyTable>>) -> Option<Policies> {
        let before = self.errors.len();
        let source = Arc::clone(&self.own().source);
        if list.get_ref().is_empty() {
            let error = Diagnostic::error("the list of versions is empty").at(&source, list.span());
            self.errors.push(error.hint("name a file, or remove the list and write policy.toml"));
        }
        self.refuse_unlisted(list, &source);
        let mut listed = Vec::with_capacity(list.get_ref().len());
        for table in list.get_ref() {
            let mut read = |day: &Option<Spanned<Datetime>>| {
                let day = day.as_ref()?;
                self::day(&source, day).map_err(|error| self.errors.push(error)).ok()
            };
            listed.push(Listed { table, first: read(&table.from), last: read(&table.until) });
        }
        if self.errors.len() == before {
            self.errors.extend(order(&listed, &source));
        }
        let mut inherited = Vec::new();
        let layers = self.layers;
        self.inherited(&layers[1..], &mut inherited);
        let mut versions = Vec::with_capacity(listed.len());
        for Listed { table, first, last } in listed {
            if let Some(policy) = self.version(table, &inherited) {
                let place = Place { source: Arc::clone(&source), span: table.file.span() };
                versions.push(Version::new(first, last, policy).at(place));
            }
        }
        (self.errors.len() == before).then(|| Policies::new(versions))
    }

    fn version(&mut self, table: &PolicyTable, inherited: &[Arc<Source>]) -> Option<Policy> {
        let path = self.own().folder.join(table.file.get_ref());
        let own = match source(&path) {
            Ok(own) => own,
            Err(error) => {
                self.errors.push(error.at(&self.own().source, table.file.span()));
                return None;
            }
        };
        self.files.push(path);
        let chain: Vec<Arc<Source>> = [own].into_iter().chain(inherited.iter().cloned()).collect();
        read_policy(&chain, &self.fields).map_err(|errors| self.complain(errors)).ok()
    }

    /// A `policy.toml` beside a list that does not name it would be read by nobody.
    fn refuse_unlisted(&mut self, list: &Spanned<Vec<PolicyTable>>, source: &Arc<Source>) {
        let is_listed = list.get_ref().iter().any(|table| table.file.get_ref() == POLICY);
        if !is_listed && self.own().folder.join(POLICY).is_file() {
            let place = list.get_ref().first().map_or(list.span(), |table| table.file.span());
            let error = Diagnostic::error("policy.toml stands beside the list of versions, which does not name it");
            self.errors.push(error.at(source, place).hint("name it in the list, or remove it"));
        }
    }

    /// The `policy.toml` of each of these layers that has one and no list.
    fn inherited(&mut self, layers: &[Layer], chain: &mut Vec<Arc<Source>>) {
        for layer in layers.iter().filter(|layer| layer.file.policy.is_none()) {
            let path = layer.folder.join(POLICY);
            if path.is_file() {
                match source(&path) {
                    Ok(source) => chain.push(source),
                    Err(error) => self.errors.push(error),
                }
                self.files.push(path);
            }
        }
    }

    /// Adds errors; what is wrong with a file that several versions inherit from is said once.
    fn complain(&mut self, errors: Vec<Diagnostic>) {
        for error in errors {
            if !self.errors.contains(&error) {
                self.errors.push(error);
            }
        }
    }
}

/// What is wrong with the days of a list: open ends in the middle, gaps, overlaps.
fn order(listed: &[Listed<'_>], source: &Arc<Source>) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let wrong = |place: std::ops::Range<usize>, message: String| Diagnostic::error(message).at(source, place);
    for (index, Listed { table, first, last }) in listed.iter().enumerate() {
        if first.is_none() && index > 0 {
            let error = wrong(table.file.span(), "only the first version may leave `from` out".to_owned());
            errors.push(error.hint("write the first issue date that it serves: `from = 2026-08-01`"));
        }
        if last.is_none() && index + 1 < listed.len() {
            let error = wrong(table.file.span(), "only the last version may leave `until` out".to_owned());
            errors.push(error.hint("write the last issue date that it serves: `until = 2026-07-31`"));
        }
        if let (Some(first), Some(last), Some(place)) = (first, last, &table.until)
            && last < first
        {
            let error = wrong(place.span(), format!("it would end before it begins, on {first}"));
            errors.push(error.hint("`until` is its last issue date"));
        }
    }
    for pair in listed.windows(2) {
        let [earlier, later] = pair else { continue };
        let (Some(end), Some(begin), Some(place)) = (earlier.last, later.first, &later.table.from) else { continue };
        let Some(due) = end.succ_opt() else { continue };
        let message = match (begin.cmp(&due), begin.pred_opt()) {
            (std::cmp::Ordering::Greater, Some(missing)) => {
                format!("a gap: no version serves the issue dates from {due} to {missing}")
            }
            (std::cmp::Ordering::Less, _) => {
                let both = later.last.map_or(end, |last| last.min(end));
                format!("an overlap: two versions serve the issue dates from {begin} to {both}")
            }
            (_, _) => continue,
        };
        let hint = format!("the versions follow each other, oldest first: `from = {due}`, or another `until` before");
        errors.push(wrong(place.span(), message).hint(hint));
    }
    errors
}
