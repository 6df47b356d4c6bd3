//! An article as the generator holds it: parts that its history can take apart again.

/// A page of the base state before it is written out.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) protected: bool,
    pub(super) infobox: Option<(&'static str, Vec<(&'static str, String)>)>,
    pub(super) categories: Vec<&'static str>,
    pub(super) disambiguation: bool,
    pub(super) note: Option<String>,
    pub(super) lead: Vec<Chunk>,
    pub(super) sections: Vec<Part>,
}

/// A section.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) level: usize,
    pub(super) heading: String,
    pub(super) chunks: Vec<Chunk>,
}

/// A piece of text.
#[derive(Debug, Clone)]
pub(super) enum Chunk {
    /// Sentences of a paragraph.
    Para(Vec<String>),
    /// Items of a list.
    List(Vec<String>),
    /// Caption, columns, rows.
    Table(String, Vec<&'static str>, Vec<Vec<String>>),
    /// Written out already.
    Raw(String),
}

impl Draft {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub(super) fn infobox(
        mut self,
        kind: &'static str,
        fields: Vec<(&'static str, String)>,
    ) -> Self {
        self.infobox = Some((kind, fields));
        self
    }

    #[must_use]
    pub(super) fn category(mut self, name: &'static str) -> Self {
        self.categories.push(name);
        self
    }

    #[must_use]
    pub(super) fn lead(mut self, sentences: Vec<String>) -> Self {
        self.lead.push(Chunk::Para(sentences));
        self
    }

    #[must_use]
    pub(super) fn section(mut self, heading: impl Into<String>, chunks: Vec<Chunk>) -> Self {
        self.sections.push(Part {
            level: 2,
            heading: heading.into(),
            chunks,
        });
        self
    }

    /// Every paragraph with the place of its section; none for the lead.
    pub(super) fn paragraphs(&mut self) -> Vec<(Option<usize>, &mut Vec<String>)> {
        let lead = self.lead.iter_mut().map(|chunk| (None, chunk));
        let rest = self
            .sections
            .iter_mut()
            .enumerate()
            .flat_map(|(at, part)| part.chunks.iter_mut().map(move |chunk| (Some(at), chunk)));
        lead.chain(rest)
            .filter_map(|(at, chunk)| match chunk {
                Chunk::Para(sentences) => Some((at, sentences)),
                _ => None,
            })
            .collect()
    }

    /// The text.
    pub(super) fn source(&self) -> String {
        let mut blocks: Vec<String> = Vec::new();
        if let Some((kind, fields)) = &self.infobox {
            let lines: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("| {name} = {value}\n"))
                .collect();
            blocks.push(format!("{{{{infobox {kind}\n{}}}}}", lines.concat()));
        }
        blocks.extend(
            self.categories
                .iter()
                .map(|name| format!("{{{{category {name}}}}}")),
        );
        if self.disambiguation {
            blocks.push("{{disambiguation}}".to_owned());
        }
        blocks.extend(self.note.iter().map(|note| format!("{{{{note {note}}}}}")));
        blocks.extend(self.lead.iter().map(Chunk::source));
        for part in &self.sections {
            blocks.push(format!("{} {}", "#".repeat(part.level), part.heading));
            blocks.extend(part.chunks.iter().map(Chunk::source));
        }
        blocks.retain(|block| !block.is_empty());
        blocks.join("\n\n")
    }
}

impl Chunk {
    /// One paragraph.
    pub(super) fn para<const N: usize>(sentences: [String; N]) -> Self {
        Self::Para(sentences.into())
    }

    fn source(&self) -> String {
        match self {
            Self::Para(sentences) => sentences.join(" "),
            Self::List(items) => {
                let lines: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
                lines.join("\n")
            }
            Self::Table(caption, columns, rows) => {
                let mut lines = vec![format!("{{{{table {caption}")];
                lines.push(format!("| {}", columns.join(" | ")));
                lines.extend(rows.iter().map(|row| format!("| {}", row.join(" | "))));
                lines.push("}}".to_owned());
                lines.join("\n")
            }
            Self::Raw(text) => text.clone(),
        }
    }
}

/// A link with its own words.
pub(super) fn link(title: &str, words: &str) -> String {
    if title == words {
        format!("[[{title}]]")
    } else {
        format!("[[{title}|{words}]]")
    }
}
