using System.CommandLine;
using System.Text.Json.Nodes;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Sqlite;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch backup</c>: an online copy of the store.</summary>
internal static class BackupVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var config = CliValues.Text("--config", "FILE", $"The configuration that names the store. Default: {ConfigFile.Usual} in the working directory.");
        var copy = CliValues.Text("--out", "FILE", "The copy; must not be there yet.");
        copy.Required = true;
        var verb = new VerbCommand(
            "backup",
            "Write a copy of the store, while the server goes on. To restore it: stop the server, put the copy in place of the store, delete what ends in -wal and -shm beside it, start the server.",
            "upgradewatch backup --out /backup/upgradewatch.db",
            "upgradewatch backup --config /etc/upgradewatch/upgradewatch.yaml --out upgradewatch-$(date +%F).db")
        {
            copy, config,
        };
        verb.SetAction(parsed =>
        {
            var file = ConfigFile.Find(parsed.GetValue(config));
            var result = ConfigLoader.LoadFile(file);
            if (result.Options is not { } options)
            {
                ConfigReport.Write(context, file, result);
                return ExitCodes.Usage;
            }

            return Write(context, options.Storage, parsed.GetValue(copy)!, output.IsJson(parsed));
        });
        return verb;
    }

    private static int Write(CliContext context, StorageOptions storage, string copy, bool json)
    {
        if (storage.Postgres is { } postgres)
        {
            var (save, restore) = postgres.Commands(copy);
            context.Say($"the store is a PostgreSQL database, whose own tools copy it. Save it with:\n  {save}\nRestore it, while no UpgradeWatch runs on it, with:\n  {restore}");
            return ExitCodes.Usage;
        }

        try
        {
            SqliteBackup.Write(storage.Path, copy);
        }
        catch (StoreException trouble)
        {
            context.Say(trouble.Message);
            return ExitCodes.Usage;
        }

        var (store, written, bytes) = (Path.GetFullPath(storage.Path), Path.GetFullPath(copy), new FileInfo(copy).Length);
        if (json) context.Out.WriteLine(new JsonObject { ["store"] = store, ["copy"] = written, ["bytes"] = bytes }.ToJsonString());
        else context.Out.WriteLine($"{store} was copied to {written} ({bytes} bytes).");
        return ExitCodes.Done;
    }
}
