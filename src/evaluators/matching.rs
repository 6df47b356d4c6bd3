//! Who may be claimed by whom: maximum matching between slots and items, by augmenting paths.

/// A matching of slots to items.
pub(super) struct Matching {
    /// For each slot, its item.
    pub(super) item_of: Vec<Option<usize>>,
    /// For each item, its slot.
    pub(super) slot_of: Vec<Option<usize>>,
}

/// Matches as many as can be of the first `required` slots, then as many items as can be with
/// all slots, without giving up a required slot. `fits[slot]` are the items it may claim.
pub(super) fn maximum(fits: &[Vec<usize>], required: usize, items: usize) -> Matching {
    let mut matching = Matching {
        item_of: vec![None; fits.len()],
        slot_of: vec![None; items],
    };
    for slot in 0..fits.len() {
        if slot < required || !fits[slot].is_empty() {
            let mut visited = vec![false; items];
            claim(fits, slot, &mut visited, &mut matching);
        }
    }
    matching
}

/// Finds an item for a slot, moving earlier claims where another item fits them. The depth is
/// bounded by the number of slots, which the task's author decides.
fn claim(fits: &[Vec<usize>], slot: usize, visited: &mut [bool], matching: &mut Matching) -> bool {
    for &item in &fits[slot] {
        if visited[item] {
            continue;
        }
        visited[item] = true;
        let free = match matching.slot_of[item] {
            None => true,
            Some(other) => claim(fits, other, visited, matching),
        };
        if free {
            matching.slot_of[item] = Some(slot);
            matching.item_of[slot] = Some(item);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_an_earlier_claim_to_make_room() {
        let matching = maximum(&[vec![0, 1], vec![0]], 2, 2);
        assert_eq!(matching.item_of, [Some(1), Some(0)]);
    }

    #[test]
    fn required_slots_keep_their_claims() {
        let matching = maximum(&[vec![0], vec![0, 1], vec![1]], 1, 2);
        assert_eq!(matching.item_of[0], Some(0));
        assert_eq!(matching.slot_of.iter().flatten().count(), 2);
    }
}
