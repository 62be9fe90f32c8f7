using System.Globalization;
using System.Text;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Cli.Offline;

/// <summary>Cases on disk with a few hours of made-up minutes each.</summary>
internal sealed class CaseSet : IDisposable
{
    public const int ChangeAt = 1_777_901_820;

    private readonly TempFolder _folder = new();
    private readonly StringBuilder _cases = new("case,file,change_at,kind,direction\n");

    public string Cases => _folder.File("cases.csv");

    public string Out => _folder.File("results.csv");

    public string File(string name) => _folder.File(name);

    /// <summary>Error counts: so many times as many from the change on.</summary>
    public CaseSet Ratio(string name, double times)
    {
        var csv = new StringBuilder("timestamp,errors,total\n");
        for (var i = -120; i < 60; i++)
        {
            var errors = (3 + ((i + 120) * 7 % 5)) * (i < 0 ? 1 : times);
            csv.Append(CultureInfo.InvariantCulture, $"{ChangeAt + (i * 60)},{errors},1000\n");
        }

        System.IO.File.WriteAllText(_folder.File(name + ".csv"), csv.ToString());
        return Case($"{name},{name}.csv,{ChangeAt},ratio,up");
    }

    /// <summary>A row of the list as it is.</summary>
    public CaseSet Case(string row)
    {
        _cases.Append(row).Append('\n');
        return this;
    }

    /// <summary>Writes the list and runs the backtest over it.</summary>
    public Task<CliRun> RunAsync(params string[] more)
    {
        System.IO.File.WriteAllText(Cases, _cases.ToString());
        return CliRun.OfAsync(["backtest", "--cases", Cases, "--out", Out, .. more]);
    }

    /// <summary>Writes another file beside the list; gives its path.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    public string[][] Results() => [.. System.IO.File.ReadLines(Out).Select(line => UpgradeWatch.Cli.Offline.Csv.Split(line)!)];

    public void Dispose() => _folder.Dispose();
}
