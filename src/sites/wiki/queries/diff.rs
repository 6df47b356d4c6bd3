//! What changed from one text to another, line by line and word by word.

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The same in both; only near changes.
    Same(String),
    /// Lines that are the same and left out.
    Gap(usize),
    /// A line that was taken out.
    Removed(Marked),
    /// A line that was put in.
    Added(Marked),
}

/// A line with the part in which it differs from its counterpart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The same as in the other line.
    pub before: String,
    /// What differs.
    pub changed: String,
    /// The same as in the other line.
    pub after: String,
}

/// Lines around a change that are shown.
const CONTEXT: usize = 2;

/// Compares two texts.
pub fn compare(old: &str, new: &str) -> Vec<Row> {
    let (old, new) = (lines(old), lines(new));
    let mut rows = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (a, b) in common(&old, &new)
        .into_iter()
        .chain(std::iter::once((old.len(), new.len())))
    {
        changed(&old[i..a], &new[j..b], &mut rows);
        if a < old.len() && b < new.len() {
            rows.push(Row::Same(old[a].to_owned()));
        }
        (i, j) = (a + 1, b + 1);
    }
    without_far(rows)
}

/// Lines that say something.
fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Places of a longest common sequence of lines.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = (0..rest)
        .take_while(|at| old[old.len() - 1 - at] == new[new.len() - 1 - at])
        .count();
    let (a, b) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut longest = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i] == b[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((start + i, start + j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs.extend((0..end).map(|at| (old.len() - end + at, new.len() - end + at)));
    pairs
}

/// Lines that were taken out and put in at one place; the first ones are taken as counterparts.
fn changed(removed: &[&str], added: &[&str], rows: &mut Vec<Row>) {
    for at in 0..removed.len().max(added.len()) {
        match (removed.get(at), added.get(at)) {
            (Some(old), Some(new)) => {
                let (old, new) = marked(old, new);
                rows.push(Row::Removed(old));
                rows.push(Row::Added(new));
            }
            (Some(old), None) => rows.push(Row::Removed(whole(old))),
            (None, Some(new)) => rows.push(Row::Added(whole(new))),
            (None, None) => {}
        }
    }
}

fn whole(line: &str) -> Marked {
    Marked {
        changed: line.to_owned(),
        ..Marked::default()
    }
}

/// Two lines with what they begin and end with alike, in whole words.
fn marked(old: &str, new: &str) -> (Marked, Marked) {
    let (a, b) = (words(old), words(new));
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - start;
    let end = (0..rest)
        .take_while(|at| a[a.len() - 1 - at] == b[b.len() - 1 - at])
        .count();
    if start + end == 0 {
        return (whole(old), whole(new));
    }
    let cut = |words: &[&str]| Marked {
        before: words[..start].concat(),
        changed: words[start..words.len() - end].concat(),
        after: words[words.len() - end..].concat(),
    };
    (cut(&a), cut(&b))
}

/// Words with the blanks behind them.
fn words(line: &str) -> Vec<&str> {
    line.split_inclusive(' ').collect()
}

/// Leaves out what is the same and far from a change.
fn without_far(rows: Vec<Row>) -> Vec<Row> {
    let changes: Vec<usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !matches!(row, Row::Same(_)))
        .map(|(at, _)| at)
        .collect();
    let is_near = |at: usize| changes.iter().any(|change| change.abs_diff(at) <= CONTEXT);
    let mut kept = Vec::new();
    let mut left_out = 0;
    for (at, row) in rows.into_iter().enumerate() {
        if is_near(at) {
            if left_out > 0 {
                kept.push(Row::Gap(std::mem::take(&mut left_out)));
            }
            kept.push(row);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 && !kept.is_empty() {
        kept.push(Row::Gap(left_out));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_changed_and_what_stands_around_it() {
        let old = "one\n\ntwo\nthree\nfour is here\nfive\nsix\nseven";
        let new = "one\ntwo\nthree\nfour was here\nfive\nsix\nseven\neight";
        let rows = compare(old, new);
        let four = |word: &str| Marked {
            before: "four ".into(),
            changed: format!("{word} "),
            after: "here".into(),
        };
        assert_eq!(
            rows,
            [
                Row::Gap(1),
                Row::Same("two".into()),
                Row::Same("three".into()),
                Row::Removed(four("is")),
                Row::Added(four("was")),
                Row::Same("five".into()),
                Row::Same("six".into()),
                Row::Same("seven".into()),
                Row::Added(whole("eight")),
            ]
        );
    }

    #[test]
    fn equal_texts_differ_in_nothing() {
        assert_eq!(compare("a\nb", "a\n\nb\n"), Vec::new());
        assert_eq!(compare("", "a"), [Row::Added(whole("a"))]);
    }
}
