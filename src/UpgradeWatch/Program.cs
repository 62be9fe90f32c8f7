using UpgradeWatch.Cli;

return await CliApp.RunAsync(args, CliContext.OfProcess());
