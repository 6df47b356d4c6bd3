//! Products: list, product with its variants, prices, pictures.

use actix_web::{HttpResponse, web};

use crate::sites::clock::day_text;
use crate::sites::office::actions::goods::{self as act, MOST_PICTURES, PictureStep};
use crate::sites::office::pages::orders::any_of;
use crate::sites::office::pages::parts::{
    Action, Cell, Choice, Facts, Field, Filters, Form, Kind, Pages, Sheet, Table, draft_of,
};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::goods::{product_list, promotion_categories, supplier_of};
use crate::sites::office::queries::{
    Paged, category_name, full_name, money, refused_right, top_category, variant,
};
use crate::sites::office::state::{OfficeState, Product, Right, Variant};
use crate::sites::office::view::{Page, Route};
use crate::sites::shop::queries::kilograms;

fn product_route(id: &str) -> Route {
    Route::to(Page::Product).with("product", id)
}

fn pieces(state: &OfficeState, sku: &str) -> i64 {
    state
        .stock
        .iter()
        .filter(|((own, _), _)| own.as_str() == sku)
        .map(|(_, level)| level.pieces)
        .sum()
}

/// Suppliers to choose from.
pub fn suppliers(state: &OfficeState) -> Vec<Choice> {
    state
        .fixed
        .suppliers
        .iter()
        .map(|supplier| Choice::new(&*supplier.id, &*supplier.name))
        .collect()
}

/// Shows the list of products.
pub fn list(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let size = usize::try_from(route.number("size")).unwrap_or(25);
    let paged = Paged::cut(product_list(&state, route), route.number("page"), size);
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|product| {
            visit.show("office.products", &product.id);
            vec![
                Cell::link(&product_route(product.id.as_str()), &*product.name),
                product.article.clone().into(),
                category_name(&state, top_category(&state, product)).into(),
                product.brand.clone().into(),
                Cell::number(product.variants.len()),
                Cell::number(
                    product
                        .variants
                        .iter()
                        .map(|variant| pieces(&state, variant.sku.as_str()))
                        .sum::<i64>(),
                ),
            ]
        })
        .collect();
    let categories = promotion_categories(&state)
        .into_iter()
        .filter(|(id, _)| !id.is_empty())
        .map(|(id, name)| Choice::new(id, name));
    let fields = vec![
        Field::new("q", "Name, article or SKU", Kind::Text, route.text("q")),
        Field::new(
            "category",
            "Category",
            any_of("Any category", categories),
            route.text("category"),
        ),
        Field::new(
            "supplier",
            "Supplier",
            any_of("Any supplier", suppliers(&state)),
            route.text("supplier"),
        ),
    ];
    let columns = [
        "Product", "Article", "Category", "Maker", "Variants", "In stock",
    ];
    let sheet = Sheet::new("Products")
        .with(Filters::of(route, unknown, fields))
        .with(
            Table::new("Products", &columns)
                .or_else("No product fits these filters.")
                .rows(rows),
        )
        .with(Pages::of(&paged, route, "product"));
    frame::ok(visit, &state, sheet)
}

/// Shows a product.
pub fn show(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(product) = state.fixed.catalogue.products.get(id) else {
        return frame::missing(visit);
    };
    visit.show("office.products", id);
    let supplier = product
        .variants
        .first()
        .and_then(|variant| supplier_of(&state, variant.sku.as_str()));
    let mut facts = Facts::new("Details")
        .row("Article", &*product.article)
        .row("Maker", &*product.brand)
        .row(
            "Category",
            category_name(&state, top_category(&state, product)),
        )
        .row("Weight", kilograms(product.weight_g))
        .row("Packed weight", kilograms(product.packed_weight_g))
        .row("Guarantee", format!("{} months", product.guarantee_months))
        .row("In the shop since", day_text(product.added_on));
    if let Some(supplier) = supplier {
        let route = Route::to(Page::Supplier).with("supplier", &supplier.id);
        facts = facts.row("Supplier", Cell::link(&route, &*supplier.name));
    }
    let files = state.pictures.get(id).map_or(&[][..], Vec::as_slice);
    let pictures = files.iter().enumerate().map(|(at, file)| {
        vec![
            file.clone().into(),
            if at == 0 { "Main picture" } else { "" }.into(),
        ]
    });
    let sheet = Sheet::new(&*product.name)
        .below(&Route::to(Page::Products), "Products")
        .offering(Action::open(
            "Pictures",
            &Route::to(Page::Pictures).with("product", id),
            refused_right(&state, Right::Products),
        ))
        .with(facts)
        .with(variants(&state, product))
        .with(
            Table::new("Pictures", &["File", "Use"])
                .titled()
                .rows(pictures),
        );
    frame::ok(visit, &state, sheet)
}

fn variants(state: &OfficeState, product: &Product) -> Table {
    let houses = &state.fixed.warehouses;
    let mut columns = vec!["SKU", "Variant", "List price", "Price today"];
    columns.extend(houses.iter().map(|house| house.name.as_str()));
    columns.push("Price");
    let rows = product.variants.iter().map(|variant| {
        let sku = variant.sku.as_str();
        let list = state.prices.get(sku).copied().unwrap_or(0);
        let mut cells = vec![
            Cell::from(sku),
            if variant.label.is_empty() {
                "One size"
            } else {
                &*variant.label
            }
            .into(),
            Cell::number(money(list)),
            Cell::number(today(variant, list)),
        ];
        for house in houses {
            let level = crate::sites::office::queries::goods::level(state, sku, &house.id);
            let route = Route::to(Page::StockItem)
                .with("warehouse", &house.id)
                .with("sku", sku);
            cells.push(level.map_or_else(
                || "None".into(),
                |level| Cell::link(&route, level.pieces.to_string()),
            ));
        }
        let price = Route::to(Page::Price)
            .with("product", &product.id)
            .with("sku", sku);
        cells.push(Cell::link(&price, format!("Change price of {sku}")));
        cells
    });
    Table::new("Variants", &columns).titled().rows(rows)
}

/// What a variant costs today: its offer, where one runs.
fn today(variant: &Variant, list: u32) -> String {
    let price = crate::sites::shop::queries::product::price_of(variant);
    price.until.map_or_else(
        || money(list),
        |until| format!("{} until {}", money(price.cents), day_text(until)),
    )
}

/// Shows the form for a price.
pub fn price(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some((product, variant)) = variant(&state, route.text("sku")) else {
        return frame::missing(visit);
    };
    visit.show("office.prices", &variant.sku);
    let list = state.prices.get(&variant.sku).copied().unwrap_or(0);
    let facts = Facts::default()
        .row("SKU", variant.sku.to_string())
        .row("List price now", money(list))
        .row("Price today", today(variant, list));
    let value = money(list).replace(['$', ','], "");
    let form = Form::new(route.path(), "Save price")
        .field(
            Field::new("price", "New list price in dollars", Kind::Text, value)
                .hint("An offer that runs stays as it is."),
        )
        .or_back_to(&product_route(product.id.as_str()))
        .restored(draft_of(visit, &route.path()).as_ref());
    let sheet = Sheet::new(format!("Price: {}", full_name(product, variant)))
        .below(&Route::to(Page::Products), "Products")
        .below(&product_route(product.id.as_str()), &*product.name)
        .with(facts);
    let sheet = match refused_right(&state, Right::Products) {
        Some(why) => sheet.with(crate::sites::office::pages::parts::Block::Note(why)),
        None => sheet.with(form),
    };
    frame::ok(visit, &state, sheet)
}

/// Sets a price.
pub async fn set_price(posted: Posted, path: web::Path<(String, String)>) -> HttpResponse {
    if let Some(refused) = frame::foreign_fields(&posted, &["price"]) {
        return refused;
    }
    let (product, sku) = path.into_inner();
    let result = posted.write(|state| act::set_price(state, &sku, posted.fields.text("price")));
    let result = result.map(|()| (product_route(&product), format!("Price of {sku} saved.")));
    let form = Route::to(Page::Price)
        .with("product", &product)
        .with("sku", &sku);
    frame::answer(&posted, &form, result)
}

/// Shows the pictures of a product, and the library.
pub fn pictures(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let id = route.text("product");
    let (Some(product), Some(files)) = (
        state.fixed.catalogue.products.get(id),
        state.pictures.get(id),
    ) else {
        return frame::missing(visit);
    };
    visit.show("office.pictures", id);
    let target = |step: &str| format!("{}/{step}", route.path());
    let rows = files.iter().enumerate().map(|(at, file)| {
        let button = |label: &str, step: &str| {
            (
                format!("{label}: {file}"),
                target(step),
                "file".to_owned(),
                file.clone(),
            )
        };
        let mut buttons = Vec::new();
        if at > 0 {
            buttons.push(button("Make main", "main"));
            buttons.push(button("Move up", "up"));
        }
        if at + 1 < files.len() {
            buttons.push(button("Move down", "down"));
        }
        buttons.push(button("Remove", "remove"));
        vec![
            Cell::from(&**file),
            if at == 0 {
                "Main picture".into()
            } else {
                format!("Place {}", at + 1).into()
            },
            Cell::Buttons(buttons),
        ]
    });
    let library = state
        .fixed
        .library
        .iter()
        .filter(|entry| {
            !files.contains(&entry.name)
                && entry.name.starts_with(id.split('-').next().unwrap_or(""))
        })
        .map(|entry| {
            let label = format!(
                "{} ({} \u{d7} {}, {})",
                entry.name,
                entry.size.0,
                entry.size.1,
                day_text(entry.added_on)
            );
            Choice::new(&*entry.name, label)
        });
    let form = Form::new(route.path(), "Add picture")
        .titled("Add from the library")
        .field(
            Field::new("file", "File", any_of("Choose a file", library), "")
                .hint(format!("A product has at most {MOST_PICTURES} pictures.")),
        )
        .restored(draft_of(visit, &route.path()).as_ref());
    let sheet = Sheet::new(format!("Pictures: {}", product.name))
        .below(&Route::to(Page::Products), "Products")
        .below(&product_route(id), &*product.name)
        .with(Table::new("Pictures", &["File", "Place", "Change"]).rows(rows))
        .with(form);
    frame::ok(visit, &state, sheet)
}

/// Adds a picture behind the others.
pub async fn add_picture(posted: Posted, path: web::Path<String>) -> HttpResponse {
    arrange(&posted, &path.into_inner(), PictureStep::Add)
}

/// Moves or removes a picture.
pub async fn move_picture(posted: Posted, path: web::Path<(String, String)>) -> HttpResponse {
    let (product, step) = path.into_inner();
    let step = match step.as_str() {
        "main" => PictureStep::Main,
        "up" => PictureStep::Up,
        "down" => PictureStep::Down,
        "remove" => PictureStep::Remove,
        _ => return frame::missing(&posted.visit),
    };
    arrange(&posted, &product, step)
}

fn arrange(posted: &Posted, product: &str, step: PictureStep) -> HttpResponse {
    if let Some(refused) = frame::foreign_fields(posted, &["file"]) {
        return refused;
    }
    let file = posted.fields.text("file");
    let result = posted.write(|state| act::arrange_picture(state, product, file, step));
    let page = Route::to(Page::Pictures).with("product", product);
    let result = result.map(|()| (page.clone(), "Pictures saved.".to_owned()));
    frame::answer(posted, &page, result)
}
