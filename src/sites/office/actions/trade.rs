//! Promotions and settings.

use std::sync::Arc;

use jiff::civil::Date;

use crate::sites::clock::TODAY;
use crate::sites::office::actions::{FieldError, Refusal, allow, checked, error, log, next_entry};
use crate::sites::office::queries::category_name;
use crate::sites::office::queries::goods::{
    highest_percent, promotion_categories, promotion_state,
};
use crate::sites::office::queries::settings::page;
use crate::sites::office::state::{
    EntryNo, OfficeState, Promotion, PromotionStatus, Right, SettingKind, SettingsField,
};

/// The longest code.
const CODE_LENGTH: usize = 12;

/// What a form says about a promotion.
#[derive(Debug, Clone, Copy)]
pub struct PromotionForm<'a> {
    /// The code.
    pub code: &'a str,
    /// Discount in percent.
    pub percent: &'a str,
    /// Id of the category; empty for all goods.
    pub category: &'a str,
    /// First day.
    pub from: &'a str,
    /// Last day, included.
    pub until: &'a str,
    /// Most uses; empty for no limit.
    pub max_uses: &'a str,
    /// Can be used together with others.
    pub combinable: bool,
    /// A note; empty for none.
    pub note: &'a str,
}

/// Sets up a promotion. Fields: as in [`PromotionForm`].
pub fn add_promotion(state: &mut OfficeState, form: PromotionForm<'_>) -> Result<EntryNo, Refusal> {
    allow(state, Right::Promotions)?;
    let mut errors = Vec::new();
    let code = form.code.to_uppercase();
    errors.extend(wrong_code(state, &code));
    let percent = percent(state, form, &mut errors);
    let from = day("from", form.from, &mut errors);
    let until = day("until", form.until, &mut errors);
    if let (Some(from), Some(until)) = (from, until) {
        if until < from {
            errors.push(error("until", "The last day is before the first."));
        } else if until < TODAY {
            errors.push(error("until", "The last day is over already."));
        }
    }
    let max_uses = match form.max_uses {
        "" => None,
        text => {
            let uses = text
                .parse::<u32>()
                .ok()
                .filter(|uses| (1..=100_000).contains(uses));
            if uses.is_none() {
                errors.push(error(
                    "max_uses",
                    "Enter a whole number, or nothing for no limit.",
                ));
            }
            uses
        }
    };
    checked(errors)?;
    let promotion = Promotion {
        no: next_entry(state),
        code,
        percent: percent.unwrap_or(0),
        category: form.category.to_owned(),
        from: from.unwrap_or(TODAY),
        until: until.unwrap_or(TODAY),
        max_uses,
        combinable: form.combinable,
        status: PromotionStatus::Active,
        note: form.note.to_owned(),
        uses: 0,
    };
    let no = promotion.no;
    log(
        state,
        "Promotion set up",
        format!("Promotion {}", promotion.code),
    );
    Arc::make_mut(&mut state.promotions).insert(no, promotion);
    Ok(no)
}

fn wrong_code(state: &OfficeState, code: &str) -> Option<FieldError> {
    let fits =
        (3..=CODE_LENGTH).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric());
    if !fits {
        let text = format!("A code has 3 to {CODE_LENGTH} letters and digits.");
        return Some(error("code", text));
    }
    state
        .promotions
        .values()
        .any(|promotion| promotion.code == code)
        .then(|| error("code", format!("The code {code} is taken.")))
}

/// The discount; it must not go below the margin floor of the category.
fn percent(
    state: &OfficeState,
    form: PromotionForm<'_>,
    errors: &mut Vec<FieldError>,
) -> Option<u32> {
    let known = promotion_categories(state)
        .iter()
        .any(|(id, _)| id == form.category);
    if !known {
        errors.push(error("category", "Choose a category."));
    }
    let number = form.percent.trim_end_matches('%').trim();
    let percent = number
        .parse::<u32>()
        .ok()
        .filter(|percent| (1..=90).contains(percent));
    let Some(percent) = percent else {
        errors.push(error(
            "percent",
            "Enter a whole number of percent, 1 to 90.",
        ));
        return None;
    };
    let highest = highest_percent(state, form.category);
    if known && percent > highest {
        errors.push(error(
            "percent",
            format!(
                "{percent} % goes below the margin floor of {}. The highest discount there is {highest} %.",
                category_name(state, form.category)
            ),
        ));
    }
    Some(percent)
}

fn day(field: &'static str, text: &str, errors: &mut Vec<FieldError>) -> Option<Date> {
    let day = text.parse().ok();
    if day.is_none() {
        errors.push(error(field, "Enter a day such as 2026-03-27."));
    }
    day
}

/// Stops a promotion for a while, or lets it go on.
pub fn set_paused(state: &mut OfficeState, no: EntryNo, pause: bool) -> Result<(), Refusal> {
    allow(state, Right::Promotions)?;
    let Some(promotion) = state.promotions.get(&no) else {
        return Err(Refusal::not_found("There is no such promotion."));
    };
    if promotion_state(promotion) == "ended" {
        return Err(Refusal::not_allowed("This promotion is over."));
    }
    let code = promotion.code.clone();
    if let Some(promotion) = Arc::make_mut(&mut state.promotions).get_mut(&no) {
        promotion.status = if pause {
            PromotionStatus::Paused
        } else {
            PromotionStatus::Active
        };
    }
    let what = if pause {
        "Promotion paused"
    } else {
        "Promotion resumed"
    };
    log(state, what, format!("Promotion {code}"));
    Ok(())
}

/// Saves a page of settings; values are pairs of name and value as typed, switches that are
/// absent are off.
pub fn save_settings(
    state: &mut OfficeState,
    [section, group, name]: [&str; 3],
    values: &[(String, String)],
) -> Result<(), Refusal> {
    allow(state, Right::Settings)?;
    let Some(page) = page(state, section, group, name).cloned() else {
        return Err(Refusal::not_found("There is no such page of settings."));
    };
    if page.path == "sales/promotions/floors" {
        return Err(Refusal::not_allowed(
            "Margin floors are set by the owners. Nobody can change them here.",
        ));
    }
    let mut settings = (*state.settings).clone();
    for field in &page.fields {
        let typed = values
            .iter()
            .find(|(name, _)| *name == field.name)
            .map_or("", |(_, value)| value.as_str());
        let value = setting(field, typed).map_err(|why| Refusal::field("values", why))?;
        settings.insert(format!("{}/{}", page.path, field.name), value);
    }
    state.settings = Arc::new(settings);
    log(state, "Settings saved", page.title);
    Ok(())
}

/// The value of a setting, or what would be right.
fn setting(field: &SettingsField, typed: &str) -> Result<String, String> {
    let label = &field.label;
    match &field.kind {
        SettingKind::Switch => Ok(if typed.is_empty() { "off" } else { "on" }.to_owned()),
        SettingKind::Number(low, high) => typed
            .parse::<u32>()
            .ok()
            .filter(|number| (low..=high).contains(&number))
            .map(|number| number.to_string())
            .ok_or_else(|| format!("{label}: enter a whole number from {low} to {high}.")),
        SettingKind::Choice(choices) if choices.iter().any(|choice| choice == typed) => {
            Ok(typed.to_owned())
        }
        SettingKind::Choice(_) => Err(format!("{label}: choose one of the list.")),
        SettingKind::Text if typed.is_empty() => Err(format!("{label}: enter a text.")),
        SettingKind::Text => Ok(typed.to_owned()),
    }
}
