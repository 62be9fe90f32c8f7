using UpgradeWatch.Dashboards.Alerting;
using UpgradeWatch.Dashboards.Boards;

namespace UpgradeWatch.Dashboards;

/// <summary>The files that are written from the description.</summary>
internal static class DashboardFiles
{
    /// <summary>The dashboards.</summary>
    public static IReadOnlyList<Board> Boards { get; } = [FleetBoard.Board, UpgradeBoard.Board, SelfBoard.Board];

    /// <summary>Path within <c>dashboards/</c> and content of each.</summary>
    public static IEnumerable<(string Path, string Content)> All()
    {
        foreach (var board in Boards) yield return ($"{board.Uid}.json", BoardWriter.Write(board));
        yield return ("alerting/prometheus-rules.yaml", PrometheusRules.Write(Alerts.All));
        yield return ("alerting/grafana-rules.yaml", GrafanaRules.Write(Alerts.All, Panels()));
    }

    // An alert about an upgrade leads to the dashboard of the upgrade, whatever else has a panel of that title.
    private static Dictionary<string, (string Dashboard, int Panel)> Panels()
    {
        var panels = new Dictionary<string, (string, int)>();
        foreach (var board in (Board[])[UpgradeBoard.Board, SelfBoard.Board])
        {
            foreach (var (title, id) in BoardWriter.PanelIds(board)) panels.TryAdd(title, (board.Uid, id));
        }

        return panels;
    }
}
