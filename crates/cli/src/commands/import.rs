//! Another program's export from the terminal.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use stoa_ipc::{
    CancelImport, ErrorCode, Failure, GetImport, ImportMapping, ImportPlan, ImportReport,
    ImportStage, ImportStatus, ListImportProblems, LookAtImport, PlanImport, RunImport,
};
use stoa_studio::Studio;

use crate::arguments::Import;
use crate::exit::End;
use crate::output::{Output, Problem};

/// How often it is looked whether it has ended.
const LOOK_AFTER: Duration = Duration::from_millis(20);
/// So many problems are named.
const MOST_PROBLEMS: u32 = 20;

pub(super) async fn carry_out(
    studio: &Studio,
    request: &Import,
    output: &Output,
) -> Result<End, Problem> {
    let read = read(studio, &request.path).await?;
    let mapping = mapping(request);
    let plan = PlanImport {
        import: read.import,
        mapping: mapping.clone(),
        from: 0,
        limit: if output.is_json() { 500 } else { 0 },
    };
    let plan = studio.run(plan).await?;
    if request.dry_run {
        say_problems(studio, &read, output).await?;
        output.answer(&plan, |output| planned(&plan, output));
        return Ok(End::Done);
    }
    let run = RunImport {
        import: read.import,
        mapping,
    };
    studio.run(run).await?;
    let ended = tokio::select! {
        ended = until_ended(studio) => ended?,
        _ = tokio::signal::ctrl_c() => {
            studio.run(CancelImport { import: read.import }).await?;
            until_ended(studio).await?
        }
    };
    say_problems(studio, &read, output).await?;
    let report = ended.report.unwrap_or_default();
    output.answer(&report, |output| reported(&report, output));
    match report.failure {
        Some(code) => Err(Failure::new(code, "the import ended before its end").into()),
        None if report.is_cancelled => Ok(End::Failed),
        None => Ok(End::Done),
    }
}

fn mapping(request: &Import) -> ImportMapping {
    let pairs = |pairs: &[(String, String)]| pairs.iter().cloned().collect::<BTreeMap<_, _>>();
    ImportMapping {
        tags: pairs(&request.tag),
        tiers: pairs(&request.tier),
        publish: request.publish,
        keep_fields: request.keep_fields,
        ..ImportMapping::default()
    }
}

/// Reads the export to its end.
async fn read(studio: &Studio, path: &Path) -> Result<ImportStatus, Problem> {
    let look = LookAtImport {
        path: Some(path.display().to_string()),
        is_folder: path.is_dir(),
    };
    studio.run(look).await?;
    let read = until_ended(studio).await?;
    if let Some(code) = read.report.as_ref().and_then(|report| report.failure) {
        return Err(Failure::new(code, "the export cannot be read").into());
    }
    if read.found.as_ref().is_none_or(|found| found.n_posts == 0) {
        return Err(Failure::field("path", "no-export").into());
    }
    Ok(read)
}

/// Waits as long as it reads or runs.
async fn until_ended(studio: &Studio) -> Result<ImportStatus, Problem> {
    loop {
        let gone = || Failure::new(ErrorCode::NotFound, "there is no import any more");
        let status = studio.run(GetImport {}).await?.ok_or_else(gone)?;
        match status.stage {
            ImportStage::Ready | ImportStage::Ended => return Ok(status),
            ImportStage::Reading | ImportStage::Running => tokio::time::sleep(LOOK_AFTER).await,
        }
    }
}

fn planned(plan: &ImportPlan, output: &Output) -> Vec<String> {
    let line = |key, n: u64| output.text_with(key, &[("n", n.into())]);
    let mut lines = vec![line("import-would-new", plan.n_new)];
    for (key, n) in [
        ("import-would-publish", plan.n_publish),
        ("import-would-changed", plan.n_changed),
        ("import-would-unchanged", plan.n_unchanged),
        ("import-would-skipped", plan.n_skipped),
    ] {
        if n > 0 {
            lines.push(line(key, n));
        }
    }
    lines
}

fn reported(report: &ImportReport, output: &Output) -> Vec<String> {
    let line = |key, n: u64| output.text_with(key, &[("n", n.into())]);
    let mut lines = vec![line("import-done-new", report.n_new)];
    for (key, n) in [
        ("import-done-changed", report.n_changed),
        ("import-done-unchanged", report.n_unchanged),
        ("import-done-kept", report.n_kept_here),
        ("import-done-files", report.n_files_missing),
    ] {
        if n > 0 {
            lines.push(line(key, n));
        }
    }
    lines
}

/// The first problems, beside the answer.
async fn say_problems(
    studio: &Studio,
    read: &ImportStatus,
    output: &Output,
) -> Result<(), Problem> {
    let list = ListImportProblems {
        import: read.import,
        from: 0,
        limit: MOST_PROBLEMS,
    };
    // After importing they are not there any more.
    let Ok(problems) = studio.run(list).await else {
        return Ok(());
    };
    for problem in &problems.rows {
        let place = problem.post.as_ref().or(problem.file.as_ref());
        let what = output.text(&format!("import-problem-{}", problem.code));
        let place = place.map(String::as_str).unwrap_or_default();
        output.aside(&format!("{place}: {what}"));
    }
    if problems.n > u64::from(MOST_PROBLEMS) {
        let more = problems.n - u64::from(MOST_PROBLEMS);
        output.aside(&output.text_with("cli-more-problems", &[("n", more.into())]));
    }
    Ok(())
}
