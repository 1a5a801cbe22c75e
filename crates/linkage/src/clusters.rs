//! Clusters: records that accepted pairs hold together, directly or through others.
//!
//! Invariant: the result depends on the set of pairs alone, not on their order; a cluster is named by its smallest record id.

use std::collections::BTreeMap;

/// The members of all clusters with the cluster's name, ordered by member; records of no pair are in none.
///
/// ```
/// use milaan_linkage::clusters::components;
/// let pairs = [("b", "c"), ("a", "b"), ("x", "y")];
/// assert_eq!(components(pairs), [("a", "a"), ("b", "a"), ("c", "a"), ("x", "x"), ("y", "x")]);
/// ```
pub fn components<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<(&'a str, &'a str)> {
    let pairs: Vec<_> = pairs.into_iter().collect();
    let mut members: Vec<&str> = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
    members.sort_unstable();
    members.dedup();
    let places: BTreeMap<&str, usize> =
        members.iter().enumerate().map(|(place, member)| (*member, place)).collect();
    let mut parents: Vec<usize> = (0..members.len()).collect();
    for (one, other) in &pairs {
        let (one, other) = (root(&mut parents, places[one]), root(&mut parents, places[other]));
        // The smaller place is the root, so that it names the cluster.
        parents[one.max(other)] = one.min(other);
    }
    (0..members.len()).map(|place| (members[place], members[root(&mut parents, place)])).collect()
}

/// The root of a member's tree; halves the way to it.
fn root(parents: &mut [usize], mut place: usize) -> usize {
    while parents[place] != place {
        parents[place] = parents[parents[place]];
        place = parents[place];
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_pairs_does_not_count() {
        let pairs = [("d", "e"), ("c", "d"), ("a", "z"), ("e", "b"), ("b", "c")];
        let mut turned = pairs;
        turned.reverse();
        assert_eq!(components(pairs), components(turned));
        assert_eq!(components(pairs).iter().filter(|(_, first)| *first == "b").count(), 4);
    }
}
