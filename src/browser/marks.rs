//! Draws the boxes and ids of the elements that can be used onto a picture of the page. Knows only
//! pixels: the digits are a small font of its own.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Transformations};

use crate::domain::observation::Observation;

/// Why a picture cannot be drawn on.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// It is no PNG, or damaged.
    #[error("the screenshot cannot be read: {0}")]
    Read(#[from] png::DecodingError),
    /// It cannot be made into a PNG again.
    #[error("the marked picture cannot be written: {0}")]
    Write(#[from] png::EncodingError),
}

/// Colours of marks, taken in turn so that neighbours differ.
const COLOURS: [[u8; 3]; 6] = [
    [200, 30, 30],
    [20, 90, 200],
    [10, 120, 60],
    [140, 30, 150],
    [170, 90, 0],
    [0, 110, 120],
];
const WHITE: [u8; 3] = [255, 255, 255];

/// Digits, five dots wide and seven high, a row in five bits from the top.
#[rustfmt::skip]
const DIGITS: [[u8; 7]; 10] = [
    [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
    [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
    [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
    [0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110],
    [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
    [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
    [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
    [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
    [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
    [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
];
/// Pixels of one dot: with two a digit is 14 pixels high, as the text of most pages.
const DOT: i64 = 2;
const DIGIT_WIDTH: i64 = 6 * DOT;
/// A plate has a white rim of one pixel, so that it is seen on any page.
const RIM: i64 = 1;
const MARGIN: i64 = 2;
const LABEL_HEIGHT: i64 = 7 * DOT + 2 * (MARGIN + RIM);

/// The picture with a box around every element of the observation that has an id and is in view,
/// and the id beside it.
pub fn draw_marks(picture: &[u8], observation: &Observation) -> Result<Vec<u8>, MarkError> {
    let mut canvas = Canvas::read(picture)?;
    let marked = observation.nodes.iter().filter(|node| node.in_view);
    let marked = marked.filter_map(|node| Some((node.bid.as_deref()?, node.bbox?)));
    let marked: Vec<_> = marked.collect();
    for (at, (_, bbox)) in marked.iter().enumerate() {
        canvas.frame(whole(*bbox), COLOURS[at % COLOURS.len()]);
    }
    // Labels come last, so that no frame crosses them.
    let boxes: Vec<[i64; 4]> = marked.iter().map(|(_, bbox)| whole(*bbox)).collect();
    let mut plates = Vec::new();
    for (at, (bid, _)) in marked.iter().enumerate() {
        let plate = canvas.place_of(at, &boxes, &plates, label_width(bid));
        canvas.label(plate, bid, COLOURS[at % COLOURS.len()]);
        plates.push(plate);
    }
    canvas.write()
}

fn digits_of(bid: &str) -> impl Iterator<Item = usize> {
    bid.chars()
        .filter_map(|digit| digit.to_digit(10))
        .map(|digit| digit as usize)
}

fn label_width(bid: &str) -> i64 {
    let digits = i64::try_from(digits_of(bid).count()).unwrap_or_default();
    // Between digits is a dot, behind the last one there is none.
    digits * DIGIT_WIDTH - DOT + 2 * (MARGIN + RIM)
}

/// How many pixels two boxes share.
fn shared([x, y, width, height]: [i64; 4], [left, top, wide, high]: [i64; 4]) -> i64 {
    let across = (x + width).min(left + wide) - x.max(left);
    let down = (y + height).min(top + high) - y.max(top);
    across.max(0) * down.max(0)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "boxes are whole CSS pixels"
)]
fn whole(bbox: [f64; 4]) -> [i64; 4] {
    bbox.map(|side| side as i64)
}

/// Pixels of three bytes.
struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    fn read(picture: &[u8]) -> Result<Self, MarkError> {
        let mut decoder = Decoder::new(Cursor::new(picture));
        decoder.set_transformations(
            Transformations::normalize_to_color8() | Transformations::STRIP_16,
        );
        let mut reader = decoder.read_info()?;
        let mut buffer = vec![0; reader.output_buffer_size().unwrap_or_default()];
        let info = reader.next_frame(&mut buffer)?;
        let pixels = match info.color_type {
            ColorType::Rgb => buffer,
            ColorType::Rgba => buffer
                .chunks_exact(4)
                .flat_map(|p| [p[0], p[1], p[2]])
                .collect(),
            ColorType::GrayscaleAlpha => buffer.chunks_exact(2).flat_map(|p| [p[0]; 3]).collect(),
            ColorType::Grayscale | ColorType::Indexed => {
                buffer.iter().flat_map(|grey| [*grey; 3]).collect()
            }
        };
        Ok(Self {
            width: info.width,
            height: info.height,
            pixels,
        })
    }

    fn write(&self) -> Result<Vec<u8>, MarkError> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(bytes)
    }

    /// Sets a pixel; what lies outside is dropped.
    fn dot(&mut self, x: i64, y: i64, colour: [u8; 3]) {
        let inside =
            (0..i64::from(self.width)).contains(&x) && (0..i64::from(self.height)).contains(&y);
        if !inside {
            return;
        }
        let at = usize::try_from(y * i64::from(self.width) + x).unwrap_or_default() * 3;
        if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
            pixel.copy_from_slice(&colour);
        }
    }

    fn fill(&mut self, [x, y, width, height]: [i64; 4], colour: [u8; 3]) {
        for row in y..y + height {
            for column in x..x + width {
                self.dot(column, row, colour);
            }
        }
    }

    /// A box two pixels thick, kept inside the picture so that all sides that can be are seen.
    fn frame(&mut self, [x, y, width, height]: [i64; 4], colour: [u8; 3]) {
        let (left, top) = (x.max(0), y.max(0));
        let right = (x + width).min(i64::from(self.width));
        let bottom = (y + height).min(i64::from(self.height));
        let (width, height) = (right - left, bottom - top);
        self.fill([left, top, width, 2], colour);
        self.fill([left, bottom - 2, width, 2], colour);
        self.fill([left, top, 2, height], colour);
        self.fill([right - 2, top, 2, height], colour);
    }

    /// Where the plate of a box goes: above, beside or below it, wherever it hides least of other
    /// boxes and plates; over one of its corners where no place around it is in the picture.
    fn place_of(&self, at: usize, boxes: &[[i64; 4]], plates: &[[i64; 4]], width: i64) -> [i64; 4] {
        let [x, y, wide, high] = boxes[at];
        let right = (i64::from(self.width) - width).max(0);
        let bottom = (i64::from(self.height) - LABEL_HEIGHT).max(0);
        let middle = y + (high - LABEL_HEIGHT) / 2;
        let around = [
            (x, y - LABEL_HEIGHT),
            (x - width, middle),
            (x + wide, middle),
            (x, y + high),
            (x + wide - width, y - LABEL_HEIGHT),
        ];
        let inside =
            |(left, top): &(i64, i64)| (0..=right).contains(left) && (0..=bottom).contains(top);
        let places = around.into_iter().filter(inside);
        let places = places.map(|(left, top)| [left, top, width, LABEL_HEIGHT]);
        let (far_x, far_y) = (x + wide - width, y + high - LABEL_HEIGHT);
        let corners = [(x, y), (far_x, y), (x, far_y), (far_x, far_y)];
        let corners = corners.map(|(left, top)| {
            let (left, top) = (left.clamp(0, right), top.clamp(0, bottom));
            [left, top, width, LABEL_HEIGHT]
        });
        let hidden = |place: &[i64; 4]| {
            let others = boxes.iter().enumerate();
            // A box around this one, such as a card, may be drawn on; its own text is elsewhere.
            let others = others.filter(|(other, of)| {
                *other != at && shared(**of, boxes[at]) < wide.max(0) * high.max(0)
            });
            let boxes: i64 = others.map(|(_, of)| shared(*of, *place)).sum();
            // A plate that is hidden cannot be read at all.
            let plates: i64 = plates.iter().map(|plate| shared(*plate, *place)).sum();
            boxes + 4 * plates
        };
        let place = places.min_by_key(&hidden);
        let [first, ..] = corners;
        place.unwrap_or_else(|| corners.into_iter().min_by_key(&hidden).unwrap_or(first))
    }

    /// The id in white on a plate with a white rim.
    fn label(&mut self, plate: [i64; 4], bid: &str, colour: [u8; 3]) {
        let [left, top, width, height] = plate;
        self.fill(plate, WHITE);
        let inner = [left + RIM, top + RIM, width - 2 * RIM, height - 2 * RIM];
        self.fill(inner, colour);
        for (place, digit) in (0i64..).zip(digits_of(bid)) {
            let x = left + RIM + MARGIN + place * DIGIT_WIDTH;
            let y = top + RIM + MARGIN;
            for (row, bits) in (0i64..).zip(DIGITS[digit]) {
                for column in (0i64..5).filter(|column| bits >> (4 - column) & 1 == 1) {
                    self.fill([x + column * DOT, y + row * DOT, DOT, DOT], WHITE);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::Node;

    fn blank(width: u32, height: u32) -> Vec<u8> {
        let canvas = Canvas {
            width,
            height,
            pixels: vec![255; (width * height * 3) as usize],
        };
        canvas.write().expect("a picture")
    }

    fn at(canvas: &Canvas, x: usize, y: usize) -> [u8; 3] {
        let at = (y * canvas.width as usize + x) * 3;
        [
            canvas.pixels[at],
            canvas.pixels[at + 1],
            canvas.pixels[at + 2],
        ]
    }

    fn node(bid: &str, bbox: [f64; 4]) -> Node {
        Node {
            bid: Some(bid.to_owned()),
            bbox: Some(bbox),
            in_view: true,
            ..Node::default()
        }
    }

    #[test]
    fn boxes_and_digits_are_drawn_where_the_elements_are() {
        let observation = Observation {
            nodes: vec![
                node("1", [20.0, 30.0, 40.0, 20.0]),
                node("27", [-5.0, -5.0, 500.0, 500.0]),
            ],
            ..Observation::default()
        };
        let drawn = draw_marks(&blank(100, 80), &observation).expect("a picture");
        let canvas = Canvas::read(&drawn).expect("a picture again");
        assert_eq!((canvas.width, canvas.height), (100, 80));
        assert_eq!(at(&canvas, 40, 30), COLOURS[0], "upper side");
        assert_eq!(at(&canvas, 59, 40), COLOURS[0], "right side");
        assert_eq!(at(&canvas, 40, 40), WHITE, "the inside is left");
        // The one of "1" has its top in the middle of five dots, on the plate above the box.
        let (left, top) = (20 + 3, 30 - 20 + 3);
        let middle = at(&canvas, left + 4, top);
        assert_eq!(middle, WHITE, "a dot of the digit");
        assert_eq!(at(&canvas, left, top), COLOURS[0], "the plate beside it");
        assert_eq!(
            at(&canvas, 99, 79),
            COLOURS[1],
            "a large box is cut to the picture"
        );
    }

    #[test]
    fn a_plate_hides_neither_its_element_nor_others_where_there_is_room() {
        let observation = Observation {
            nodes: vec![
                node("1", [60.0, 40.0, 60.0, 20.0]),
                node("28", [60.0, 60.0, 60.0, 20.0]),
                node("9", [0.0, 0.0, 10.0, 10.0]),
            ],
            ..Observation::default()
        };
        let drawn = draw_marks(&blank(200, 120), &observation).expect("a picture");
        let canvas = Canvas::read(&drawn).expect("a picture again");
        for (y, what) in [(50, "the first"), (70, "the second")] {
            assert_eq!(at(&canvas, 90, y), WHITE, "the inside of {what}");
        }
        // Above the second is the first, so its plate stands to the left of it.
        assert_eq!(at(&canvas, 60 - 3, 70), COLOURS[1]);
        // No room above or to the left of the third: to its right or below it.
        assert_eq!(at(&canvas, 5, 5), WHITE, "the inside of the third");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let told = draw_marks(b"nothing", &Observation::default()).expect_err("an error");
        assert!(told.to_string().contains("cannot be read"));
    }
}
