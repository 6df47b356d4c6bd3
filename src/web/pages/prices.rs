//! What models cost: one's own word, by model, and the price list below it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;
use url::Url;

use crate::arena::prices::{self, NewPrice};
use crate::auth::Principal;
use crate::domain::agent::Provider;
use crate::domain::budget::{dollars, read_dollars};
use crate::domain::ids::RowId;
use crate::domain::price::Price;
use crate::domain::time::Timestamp;
use crate::llm::prices::PriceRow;
use crate::store::personal_prices::PersonalPrice;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::{PageAuthorized, PageId, PageQuery, PricesManage};
use crate::web::pages::frame::Frame;
use crate::web::pages::notice;
use crate::web::query::{Params, QueryParams};
use crate::web::ui::filter::{Choice, address};
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::format::{self, Moment};
use crate::web::ui::page::{page_with, see_other};
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(
            resource("/account/prices")
                .route(get().to(show))
                .route(post().to(set)),
        )
        .service(resource("/account/prices/{priceId}/delete").route(post().to(take_back)));
}

#[derive(Template)]
#[template(path = "pages/prices.html")]
struct PricesPage {
    shell: Shell,
    notice: Option<&'static str>,
    faults: Faults,
    own: Vec<OwnRow>,
    earlier: Vec<OwnRow>,
    providers: Vec<Choice>,
    form: PriceForm,
    search: String,
    list: Vec<ListRow>,
    listed: String,
    version: String,
}

/// A person's word on one model.
struct OwnRow {
    id: String,
    version: u32,
    provider: Provider,
    model: String,
    rates: [String; 4],
    is_taken_back: bool,
    at: Moment,
}

/// A row of the price list.
struct ListRow {
    provider: Provider,
    /// Names, each with the address of the form filled in for it.
    models: Vec<(String, String)>,
    rates: [String; 4],
    bound: Option<String>,
    source: String,
    source_name: String,
    date: String,
}

/// The form for a price, as typed.
#[derive(Debug, Clone, Default)]
struct PriceForm {
    provider: String,
    model: String,
    rates: [String; 4],
}

/// The fields of [`PriceForm::rates`], with their names in the API.
const RATES: [(&str, &str); 4] = [
    ("input_price", "inputPriceMicrousdPerMtok"),
    ("output_price", "outputPriceMicrousdPerMtok"),
    ("cache_read_price", "cacheReadPriceMicrousdPerMtok"),
    ("cache_write_price", "cacheWritePriceMicrousdPerMtok"),
];

/// What just happened, what to look for in the list, and what to fill the form with.
struct Query {
    done: Option<&'static str>,
    search: String,
    form: PriceForm,
}

impl QueryParams for Query {
    const NAMES: &'static [&'static str] = &["done", "q", "provider", "model"];

    fn read(params: &mut Params) -> Self {
        Self {
            done: notice::read(params),
            search: params.bounded_text("q", 100).unwrap_or_default(),
            form: PriceForm {
                provider: params.bounded_text("provider", 40).unwrap_or_default(),
                model: params.bounded_text("model", 200).unwrap_or_default(),
                ..PriceForm::default()
            },
        }
    }
}

async fn page_of(
    frame: &Frame,
    person: &Principal,
    query: Query,
    faults: Faults,
) -> Result<PricesPage, Failure> {
    let now = Timestamp::now();
    let all = prices::own(&frame.state.store, person).await?;
    let list = prices::price_list()?;
    let (own, earlier): (Vec<_>, Vec<_>) = all.into_iter().partition(PersonalPrice::is_in_force);
    let count = list.rows.iter().map(|row| row.models.len()).sum::<usize>();
    let words = query.search.to_lowercase();
    let rows = list
        .rows
        .into_iter()
        .filter_map(|row| list_row(row, &words));
    let providers = Provider::ALL.iter().map(|provider| Choice {
        value: provider.to_string(),
        label: provider.label().to_owned(),
        selected: query.form.provider == provider.as_str(),
    });
    Ok(PricesPage {
        shell: frame.shell(Section::Other, "Prices"),
        notice: query.done,
        faults,
        own: own.into_iter().map(|price| own_row(price, now)).collect(),
        earlier: earlier
            .into_iter()
            .map(|price| own_row(price, now))
            .collect(),
        providers: providers.collect(),
        form: query.form,
        search: query.search,
        list: rows.collect(),
        listed: format::counted(count, "model"),
        version: list.version,
    })
}

/// The rates in dollars, and a word for one that there is not.
fn rates(price: Price, none: &str) -> [String; 4] {
    prices::named(price)
        .map(|(_, rate)| rate.map_or_else(|| none.to_owned(), |rate| format!("${}", dollars(rate))))
}

fn own_row(price: PersonalPrice, now: Timestamp) -> OwnRow {
    OwnRow {
        id: price.id.to_string(),
        version: price.version,
        provider: price.provider,
        model: price.model,
        rates: rates(price.price, "not set"),
        is_taken_back: price.price == Price::default(),
        at: Moment::new(price.created_at, now),
    }
}

/// A row of the list that has a word of the search; none when it has not.
fn list_row(row: PriceRow, words: &str) -> Option<ListRow> {
    let of_provider = row.provider.as_str().contains(words);
    let models: Vec<_> = row
        .models
        .iter()
        .filter(|model| of_provider || model.to_lowercase().contains(words))
        .map(|model| {
            let of = [
                ("provider", row.provider.to_string()),
                ("model", model.clone()),
            ];
            (model.clone(), address("/account/prices", &of))
        })
        .collect();
    if models.is_empty() {
        return None;
    }
    let host = Url::parse(&row.source).ok();
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    Some(ListRow {
        provider: row.provider,
        models,
        rates: rates(row.price(), "not known"),
        bound: row
            .up_to_input_tokens
            .map(|most| format!("up to {} of input", format::counted(most, "token"))),
        source_name: host.unwrap_or_else(|| row.source.clone()),
        source: row.source,
        date: row.date,
    })
}

async fn show(
    frame: Frame,
    person: PageAuthorized<PricesManage>,
    query: PageQuery<Query>,
) -> Result<HttpResponse, PageError> {
    let page = page_of(&frame, &person, query.0, Faults::default()).await?;
    page_with(StatusCode::OK, &page)
}

async fn set(
    frame: Frame,
    person: PageAuthorized<PricesManage>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let form = PriceForm {
        provider: fields.text("provider"),
        model: fields.text("model"),
        rates: RATES.map(|(name, _)| fields.text(name)),
    };
    let faults = match read(&form) {
        Ok(new) => match prices::set(&frame.state.store, &person, new).await {
            Ok(_) => return Ok(see_other("/account/prices?done=price-set")),
            Err(error) => refused(error.into())?,
        },
        Err(faults) => faults,
    };
    let query = Query {
        done: None,
        search: String::new(),
        form,
    };
    let page = page_of(&frame, &person, query, faults).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The price that the form means, or everything that is wrong with it.
fn read(form: &PriceForm) -> Result<NewPrice, Faults> {
    let mut faults = Faults::default();
    let provider = form.provider.parse::<Provider>();
    if let Err(error) = &provider {
        faults.add("provider", format!("{error}."));
    }
    let mut amounts = RATES.iter().zip(&form.rates).map(|((name, _), text)| {
        let amount = read_dollars(text);
        if amount.is_none() && !text.is_empty() {
            faults.add(
                *name,
                "Enter dollars per million tokens such as 0.15, or leave it empty.",
            );
        }
        amount
    });
    let mut next = || amounts.next().flatten();
    let price = Price {
        input_microusd_per_mtok: next(),
        output_microusd_per_mtok: next(),
        cache_read_microusd_per_mtok: next(),
        cache_write_microusd_per_mtok: next(),
    };
    drop(amounts);
    match provider {
        Ok(provider) if faults.is_empty() => Ok(NewPrice {
            provider,
            model: form.model.clone(),
            price,
        }),
        _ => Err(faults),
    }
}

fn refused(failure: Failure) -> Result<Faults, PageError> {
    if failure.code() != Code::ValidationError {
        return Err(PageError(failure));
    }
    Ok(Faults::of(&failure, |field| {
        let rate = RATES.iter().find(|(_, api)| *api == field);
        rate.map_or("model", |(name, _)| name)
    }))
}

async fn take_back(
    frame: Frame,
    person: PageAuthorized<PricesManage>,
    id: PageId<RowId>,
) -> Result<HttpResponse, PageError> {
    prices::take_back(&frame.state.store, &person, id.0).await?;
    Ok(see_other("/account/prices?done=price-taken-back"))
}
