//! Names: people whom tasks need by name, and pools from which the others are drawn. All are
//! invented for this project.

use super::Team;

/// A person who is the same in every world.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) name: &'a str,
    pub(super) first_name: &'a str,
    /// The name in plain letters, first and family name with a dot between.
    pub(super) slug: &'a str,
    pub(super) username: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) team: Option<Team>,
    pub(super) has_picture: bool,
    pub(super) is_active: bool,
}

impl Given<'_> {
    /// Nothing special.
    pub(super) const PLAIN: Self = Given {
        name: "",
        first_name: "",
        slug: "",
        username: None,
        email: None,
        team: None,
        has_picture: true,
        is_active: true,
    };
}

const fn person(
    name: &'static str,
    first_name: &'static str,
    slug: &'static str,
) -> Given<'static> {
    Given {
        name,
        first_name,
        slug,
        ..Given::PLAIN
    }
}

const fn colleague(
    name: &'static str,
    first_name: &'static str,
    slug: &'static str,
    team: Team,
) -> Given<'static> {
    Given {
        team: Some(team),
        ..person(name, first_name, slug)
    }
}

/// Colleagues on the desk.
pub(super) const STAFF: &[Given<'static>] = &[
    Given {
        username: Some("anna.kowalski"),
        ..colleague("Anna Kowalski", "Anna", "anna.kowalski", Team::Logistics)
    },
    Given {
        username: Some("akowalski"),
        ..colleague("Anna Kowalski", "Anna", "anna.kowalski", Team::Support)
    },
    Given {
        username: Some("jweil"),
        ..colleague("Jonas Weil", "Jonas", "jonas.weil", Team::Web)
    },
    Given {
        username: Some("jweill"),
        ..colleague("Jonas Weill", "Jonas", "jonas.weill", Team::Warehouse)
    },
    Given {
        username: Some("slund"),
        ..colleague("Sara Lund", "Sara", "sara.lund", Team::Support)
    },
    Given {
        username: Some("sarah.lund"),
        ..colleague("Sarah Lund", "Sarah", "sarah.lund", Team::Purchasing)
    },
    Given {
        username: Some("zoe"),
        ..colleague("Zoë Núñez", "Zoë", "zoe.nunez", Team::Marketing)
    },
    Given {
        username: Some("hakon"),
        ..colleague("Håkon Østby", "Håkon", "hakon.ostby", Team::Logistics)
    },
    Given {
        username: Some("siobhan"),
        ..colleague(
            "Siobhán O'Brien",
            "Siobhán",
            "siobhan.obrien",
            Team::Finance,
        )
    },
    Given {
        username: Some("lina"),
        ..colleague("李娜", "李娜", "li.na", Team::Web)
    },
    Given {
        username: Some("teodorico"),
        ..colleague("Teodorico", "Teodorico", "teodorico", Team::Warehouse)
    },
    Given {
        username: Some("petra.voss"),
        is_active: false,
        ..colleague("Petra Voss", "Petra", "petra.voss", Team::Marketing)
    },
];

/// Customers.
pub(super) const CUSTOMERS: &[Given<'static>] = &[
    person("James Ito", "James", "james.ito"),
    person("James Ito", "James", "james.ito"),
    Given {
        email: Some("henrike.dahl@postbox.example"),
        ..person("Henrike Dahl", "Henrike", "henrike.dahl")
    },
    Given {
        email: Some("Henrike.Dahl@postbox.example"),
        ..person("Henrike Dahl-Moen", "Henrike", "henrike.dahlmoen")
    },
];

/// Members of the forum.
pub(super) const MEMBERS: &[Given<'static>] = &[
    Given {
        username: Some("brew_anna"),
        ..person("Anna Berglund", "Anna", "anna.berglund")
    },
    Given {
        username: Some("brewanna"),
        ..person("Hanna Brewer", "Hanna", "hanna.brewer")
    },
    Given {
        username: Some("maximiliane"),
        ..person(
            "Maximiliane Konstanze von Hohenfels-Waldenbruck zu Ostrand",
            "Maximiliane",
            "maximiliane.ostrand",
        )
    },
];

/// Members of the forum with something special about their account.
pub(super) const OUTSIDERS: &[Given<'static>] = &[Given {
    username: Some("quietkettle"),
    has_picture: false,
    ..person("Ruben Falk", "Ruben", "ruben.falk")
}];

/// First names to draw from.
pub(super) fn first_names() -> impl Iterator<Item = &'static str> {
    FIRST.split_whitespace()
}

/// Family names to draw from.
pub(super) fn family_names() -> impl Iterator<Item = &'static str> {
    FAMILY.split_whitespace()
}

const FIRST: &str = "
    Adela Agnes Aino Alba Aldo Alina Amara Amir Anders Anita Anton Arne Aron Asta Astrid Ayla
    Bela Benno Berit Bianca Birger Bodil Boris Bruno Carla Celia Cyril Dagny Dalia Damir Daria
    Dario Delia Dina Dirk Dora Edda Edith Egon Eino Elena Elias Elif Elsa Emil Enzo Erik Erna
    Esra Ester Eugen Fabio Farah Felix Fiona Flora Franz Freja Frida Gerda Gideon Greta Gustav
    Hanne Hassan Hedda Heidi Helga Henrik Hilda Hugo Ida Idris Ilse Imani Ines Inga Irma Isak
    Ivana Ivo Jakob Jana Jasmin Joel Jorun Jules Karim Karin Kasper Katja Klara Kurt Laila Lars
    Laszlo Leila Lennart Leon Lidia Linus Livia Lorenz Lotte Lucia Luka Magda Malik Malin Marek
    Margit Marta Mats Mina Mirko Nadia Nils Nina Noor Odile Olaf Olga Omar Oskar Paula Pavel
    Pia Rafik Ragna Ralf Rania Rosa Runa Samir Selma Signe Silas Sonja Stefan Sunniva Svea Tarek
    Tessa Thea Tilda Tobias Tova Ulla Ulrik Vera Viggo Vilma Wanda Yara Yusuf Zelda Zora
";

const FAMILY: &str = "
    Aalto Abel Achterberg Albers Almeida Amsel Andresen Arndt Aslan Auer Bakker Balint Barros
    Bauer Becker Bergman Bianchi Birk Blom Boman Borg Brandt Brekke Brink Brunner Buchholz Bulut
    Cassel Castro Cermak Clausen Costa Cramer Dahlberg Danso Demir Dijkstra Dorn Drager Dubois
    Eberle Egede Ekman Elling Engel Erdem Eriksen Fabri Farkas Ferrari Fiala Fink Flemming Forsell
    Frank Friis Fuchs Gallo Gerber Geyer Graf Grieg Gruber Gunnarsen Haas Hadad Hagen Halvorsen
    Hansson Hartog Haugen Heller Hendriks Hjelm Hoekstra Holm Horvat Huber Iversen Jacobi Jansen
    Jelinek Jensen Johansen Juhl Kaiser Kaplan Karlsen Keller Kern Kiss Klein Knudsen Koch Kovacs
    Kramer Kruse Kuipers Lambert Lang Larsen Lehmann Lenz Lindgren Lombardi Lorentz Ludwig Maas
    Madsen Malik Marconi Marsh Mayer Meier Mendes Meyer Mikkelsen Molnar Moreau Moser Nagy Neuer
    Nielsen Nilsen Nissen Nordahl Novak Nyberg Oberg Olsen Omari Ortega Osman Otten Palm Papp
    Pereira Peters Pohl Popov Prinz Quist Rasmussen Reiter Ricci Riedel Rinne Romano Roth Ruud
    Saar Salo Santos Sauer Schenk Schmitt Seidel Serrano Simic Skov Solberg Sommer Sorensen Stahl
    Steen Storm Strand Sundberg Szabo Tanner Thoma Thorsen Toth Tveit Ullmann Urban Vaida Varga
    Veen Vidal Visser Vogel Wagner Walther Weber Wendt Werner Wik Winther Wolff Yilmaz Zander
    Zeller Ziegler Zimmer
";
