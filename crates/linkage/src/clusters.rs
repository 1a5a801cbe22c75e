//! Clusters: records that accepted pairs hold together, directly or through others.
//!
//! Links are taken strongest first. One that would bring together two records that cannot be one person is a weak bridge: it is
//! refused, and left for people to look at. Two records of one cluster that no link joins directly are a pair too, as strong as
//! the weakest link on the strongest way between them.
//!
//! Invariant: the result depends on the set of links alone, not on their order; a cluster is named by its smallest record id.

use std::collections::{BTreeMap, BTreeSet};

/// Records of a cluster at most: a link that would make a larger one is refused.
pub const CLUSTER_RECORDS_MAX: usize = 200;

/// What links make.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grown<'a> {
    /// The members of all clusters with the cluster's name, ordered by member; records of no link are in none.
    pub members: Vec<(&'a str, &'a str)>,
    /// Each two records of one cluster, the smaller id first, with the weight that holds them together; in order.
    pub pairs: Vec<(&'a str, &'a str, f64)>,
    /// Links not taken; in order.
    pub refused: Vec<(&'a str, &'a str)>,
}

/// Grows clusters from links with their weights; `apart` are pairs that must not come together, the smaller id first.
///
/// ```
/// use std::collections::BTreeSet;
/// use milaan_linkage::clusters::grow;
/// let links = [("b", "c", 5.0), ("a", "b", 9.0), ("x", "y", 4.0), ("c", "x", 3.0)];
/// let grown = grow(&links, &BTreeSet::from([("a", "y")]));
/// assert_eq!(grown.members, [("a", "a"), ("b", "a"), ("c", "a"), ("x", "x"), ("y", "x")]);
/// assert_eq!(grown.pairs, [("a", "b", 9.0), ("a", "c", 5.0), ("b", "c", 5.0), ("x", "y", 4.0)]);
/// assert_eq!(grown.refused, [("c", "x")]);
/// ```
pub fn grow<'a>(
    links: &[(&'a str, &'a str, f64)],
    apart: &BTreeSet<(&'a str, &'a str)>,
) -> Grown<'a> {
    let mut links: Vec<_> =
        links.iter().map(|(a, b, weight)| (*a.min(b), *a.max(b), *weight)).collect();
    links.sort_unstable_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let names: BTreeSet<&str> = links.iter().flat_map(|(one, other, _)| [*one, *other]).collect();
    let mut clusters: Vec<Vec<&str>> = names.iter().map(|name| vec![*name]).collect();
    let mut cluster_of: BTreeMap<&str, usize> =
        names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut grown = Grown::default();
    for (one, other, weight) in links {
        let (into, from) = (cluster_of[one], cluster_of[other]);
        if into == from {
            continue;
        }
        let (a, b) = (&clusters[into], &clusters[from]);
        let both = || a.iter().flat_map(|x| b.iter().map(move |y| (*x.min(y), *x.max(y))));
        if a.len() + b.len() > CLUSTER_RECORDS_MAX || both().any(|pair| apart.contains(&pair)) {
            grown.refused.push((one, other));
            continue;
        }
        grown.pairs.extend(both().map(|(x, y)| (x, y, weight)));
        let moved = std::mem::take(&mut clusters[from]);
        for name in &moved {
            cluster_of.insert(name, into);
        }
        clusters[into].extend(moved);
    }
    let joined = clusters.iter().filter(|cluster| cluster.len() > 1);
    let named = joined.flat_map(|cluster| {
        let name = cluster.iter().min().copied().unwrap_or_default();
        cluster.iter().map(move |member| (*member, name))
    });
    grown.members = named.collect();
    grown.members.sort_unstable();
    grown.pairs.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    grown.refused.sort_unstable();
    grown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_links_does_not_count() {
        let links =
            [("d", "e", 4.0), ("c", "d", 4.0), ("a", "z", 1.0), ("e", "b", 7.0), ("b", "c", 2.0)];
        let mut turned = links;
        turned.reverse();
        let apart = BTreeSet::from([("c", "e")]);
        assert_eq!(grow(&links, &apart), grow(&turned, &apart));
        assert_eq!(grow(&links, &BTreeSet::new()).pairs.len(), 7);
        assert_eq!(grow(&links, &apart).refused, [("b", "c"), ("d", "e")]);
    }

    #[test]
    fn a_bridge_between_twins_is_refused() {
        let links = [("raju", "r", 6.0), ("ravi", "r", 5.0)];
        let grown = grow(&links, &BTreeSet::from([("raju", "ravi")]));
        assert_eq!(grown.members, [("r", "r"), ("raju", "r")]);
        assert_eq!(grown.refused, [("r", "ravi")]);
    }
}
