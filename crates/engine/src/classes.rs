//! What a query would show: the class of every output column, computed from the plan before any row is read.
//!
//! A column's class is the highest of what it is made of, unless a function of ours lowers it (a mask, a token, a comparison)
//! or the expression only counts or compares two columns. What the walk does not know counts as the highest class of its
//! inputs, so that a new kind of plan node refuses more, never less.

use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::datasource::source_as_provider;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{
    Distinct, Expr, Join, JoinType, LogicalPlan, Operator, WindowFunctionDefinition,
};
use milaan_functions::ResultClass;
use milaan_model::Sensitivity;
use milaan_model::schema::class_of;

use crate::error::Error;

/// Refuses a plan with an output column above the class allowed for it.
pub(crate) fn refuse_above(
    what: &str,
    plan: &LogicalPlan,
    allowed: impl Fn(usize) -> Sensitivity,
) -> Result<(), Error> {
    for (at, found) in of_plan(plan).into_iter().enumerate() {
        let allowed = allowed(at);
        if found > allowed {
            return Err(Error::AboveClearance {
                what: what.to_owned(),
                column: plan.schema().field(at).name().clone(),
                found: found.as_str(),
                allowed: allowed.as_str(),
            });
        }
    }
    Ok(())
}

/// The classes of a plan's output columns by name: what a table made of it has to carry.
pub(crate) fn by_name(plan: &LogicalPlan) -> crate::session::Classes {
    let names = plan.schema().fields().iter().map(|field| field.name().clone());
    names.zip(of_plan(plan)).collect()
}

/// The classes of a plan's output columns.
pub(crate) fn of_plan(plan: &LogicalPlan) -> Vec<Sensitivity> {
    let width = plan.schema().fields().len();
    let classes = match plan {
        LogicalPlan::Projection(node) => of_exprs(&node.expr, &node.input),
        LogicalPlan::Filter(node) => of_plan(&node.input),
        LogicalPlan::Sort(node) => of_plan(&node.input),
        LogicalPlan::Limit(node) => of_plan(&node.input),
        LogicalPlan::Repartition(node) => of_plan(&node.input),
        LogicalPlan::SubqueryAlias(node) => of_plan(&node.input),
        LogicalPlan::Subquery(node) => of_plan(&node.subquery),
        LogicalPlan::Distinct(Distinct::All(input)) => of_plan(input),
        LogicalPlan::Distinct(Distinct::On(node)) => of_exprs(&node.select_expr, &node.input),
        LogicalPlan::Aggregate(node) => {
            let mut classes = of_exprs(&node.group_expr, &node.input);
            classes.extend(of_exprs(&node.aggr_expr, &node.input));
            classes
        }
        LogicalPlan::Window(node) => {
            let mut classes = of_plan(&node.input);
            classes.extend(of_exprs(&node.window_expr, &node.input));
            classes
        }
        LogicalPlan::Join(node) => {
            let (left, right) = of_join(node);
            match node.join_type {
                JoinType::LeftSemi | JoinType::LeftAnti => left,
                JoinType::RightSemi | JoinType::RightAnti => right,
                JoinType::LeftMark => [left, vec![Sensitivity::Internal]].concat(),
                JoinType::RightMark => [right, vec![Sensitivity::Internal]].concat(),
                _ => [left, right].concat(),
            }
        }
        LogicalPlan::Union(node) => {
            let inputs: Vec<_> = node.inputs.iter().map(|input| of_plan(input)).collect();
            (0..width)
                .map(|at| inputs.iter().filter_map(|classes| classes.get(at)).max().copied())
                .map(|class| class.unwrap_or(Sensitivity::Secret))
                .collect()
        }
        LogicalPlan::Unnest(node) => {
            let input = of_plan(&node.input);
            node.dependency_indices
                .iter()
                .map(|at| input.get(*at).copied().unwrap_or(Sensitivity::Secret))
                .collect()
        }
        LogicalPlan::Values(_) | LogicalPlan::EmptyRelation(_) => vec![Sensitivity::Public; width],
        LogicalPlan::TableScan(scan) => of_scan(scan),
        LogicalPlan::DescribeTable(_) | LogicalPlan::Explain(_) => {
            vec![Sensitivity::Internal; width]
        }
        other => {
            let highest = other.inputs().into_iter().flat_map(of_plan).max();
            vec![highest.unwrap_or(Sensitivity::Secret); width]
        }
    };
    if classes.len() == width { classes } else { vec![Sensitivity::Secret; width] }
}

/// The classes of a join's sides. Rows of a lower side that are found by a value of a higher one tell that value: all columns of
/// that side are raised to it.
fn of_join(node: &Join) -> (Vec<Sensitivity>, Vec<Sensitivity>) {
    let (mut left, mut right) = (of_plan(&node.left), of_plan(&node.right));
    let (mut left_least, mut right_least) = (Sensitivity::Public, Sensitivity::Public);
    for (left_key, right_key) in &node.on {
        let of_left = of_expr(left_key, node.left.schema(), &left);
        let of_right = of_expr(right_key, node.right.schema(), &right);
        if of_left > of_right && of_left > Sensitivity::Internal {
            right_least = right_least.max(of_left);
        } else if of_right > of_left && of_right > Sensitivity::Internal {
            left_least = left_least.max(of_right);
        }
    }
    if let Some(filter) = &node.filter {
        let both = [left.clone(), right.clone()].concat();
        let schema = node.left.schema().join(node.right.schema());
        let of_filter =
            schema.map_or(Sensitivity::Secret, |schema| of_expr(filter, &schema, &both));
        if of_filter > Sensitivity::Internal {
            left_least = left_least.max(of_filter);
            right_least = right_least.max(of_filter);
        }
    }
    for class in &mut left {
        *class = (*class).max(left_least);
    }
    for class in &mut right {
        *class = (*class).max(right_least);
    }
    (left, right)
}

fn of_scan(scan: &datafusion::logical_expr::TableScan) -> Vec<Sensitivity> {
    let internal = scan.table_name.schema() == Some("information_schema");
    let all: Vec<Sensitivity> = match source_as_provider(&scan.source) {
        Ok(provider) => match provider.get_logical_plan() {
            Some(view) => of_plan(&view),
            None => provider
                .schema()
                .fields()
                .iter()
                .map(|field| if internal { Sensitivity::Internal } else { class_of(field) })
                .collect(),
        },
        Err(_) => vec![Sensitivity::Secret; scan.source.schema().fields().len()],
    };
    match &scan.projection {
        Some(kept) => {
            kept.iter().map(|at| all.get(*at).copied().unwrap_or(Sensitivity::Secret)).collect()
        }
        None => all,
    }
}

fn of_exprs(exprs: &[Expr], input: &LogicalPlan) -> Vec<Sensitivity> {
    let inputs = of_plan(input);
    exprs.iter().map(|expr| of_expr(expr, input.schema(), &inputs)).collect()
}

fn of_expr(expr: &Expr, schema: &DFSchema, inputs: &[Sensitivity]) -> Sensitivity {
    let highest_child = || {
        let mut highest = Sensitivity::Public;
        let _ = expr.apply_children(|child| {
            highest = highest.max(of_expr(child, schema, inputs));
            Ok(TreeNodeRecursion::Continue)
        });
        highest
    };
    match expr {
        Expr::Column(column) => of_column(column, schema, inputs),
        Expr::OuterReferenceColumn(field, _) => class_of(field),
        Expr::Literal(..) => Sensitivity::Public,
        Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::Exists(_) | Expr::InSubquery(_) => {
            Sensitivity::Internal
        }
        Expr::ScalarSubquery(subquery) => {
            of_plan(&subquery.subquery).into_iter().max().unwrap_or(Sensitivity::Secret)
        }
        // Whether two columns agree says little about either; whether one equals something known says what it is.
        Expr::BinaryExpr(binary)
            if is_comparison(binary.op)
                && between_columns(&[&binary.left, &binary.right], schema, inputs) =>
        {
            Sensitivity::Internal
        }
        Expr::ScalarFunction(call) => match milaan_functions::find(call.func.name()) {
            Some(function) => match function.class {
                ResultClass::Fixed(class) => class,
                ResultClass::Comparison
                    if between_columns(&call.args.iter().collect::<Vec<_>>(), schema, inputs) =>
                {
                    Sensitivity::Internal
                }
                ResultClass::Comparison | ResultClass::Inherit => highest_child(),
            },
            None => highest_child(),
        },
        Expr::AggregateFunction(call) if call.func.name() == "count" => Sensitivity::Internal,
        Expr::WindowFunction(window) if only_orders(window) => Sensitivity::Internal,
        _ => highest_child(),
    }
}

/// Whether all of these are columns as they stand, and at least two of them of the highest class among them.
fn between_columns(exprs: &[&Expr], schema: &DFSchema, inputs: &[Sensitivity]) -> bool {
    let classes: Option<Vec<Sensitivity>> = exprs
        .iter()
        .map(|expr| match expr {
            Expr::Column(column) => Some(of_column(column, schema, inputs)),
            _ => None,
        })
        .collect();
    classes.is_some_and(|classes| {
        let highest = classes.iter().max().copied();
        classes.iter().filter(|class| Some(**class) == highest).count() >= 2
    })
}

fn of_column(column: &Column, schema: &DFSchema, inputs: &[Sensitivity]) -> Sensitivity {
    schema
        .maybe_index_of_column(column)
        .and_then(|at| inputs.get(at).copied())
        .unwrap_or(Sensitivity::Secret)
}

fn is_comparison(op: Operator) -> bool {
    matches!(
        op,
        Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom
    )
}

fn only_orders(window: &WindowFunction) -> bool {
    match &window.fun {
        WindowFunctionDefinition::WindowUDF(function) => {
            matches!(function.name(), "row_number" | "rank" | "dense_rank" | "ntile")
        }
        WindowFunctionDefinition::AggregateUDF(function) => function.name() == "count",
    }
}
