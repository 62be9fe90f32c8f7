using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.TestKit.Simulation;

/// <summary>
/// The requests of a simulated target by their labels: four routes on two pods. Errors of a bad version are all of one
/// status in one route; everything else happens to all routes alike.
/// </summary>
internal sealed class SimulatedRows(SimulationPlan plan, BreakdownRequest request)
{
    private static readonly (string Route, double Share)[] Routes = [("/checkout", 0.4), ("/cart", 0.3), ("/search", 0.2), ("/login", 0.1)];
    private static readonly string[] Pods = ["shop-a", "shop-b"];

    private readonly BreakdownRows _rows = new(request.Labels);

    /// <summary>Adds a step.</summary>
    public void Add(SimulatedService.Step step, bool isAfter, bool isSince)
    {
        var broken = isAfter && plan.Fault == SimulatedFault.Errors ? Math.Max(0, step.Bad - (step.Total * plan.ErrorRatio)) : 0;
        foreach (var pod in Pods)
        {
            foreach (var (route, share) in Routes) Add(step, pod, route, share / Pods.Length, broken, isSince);
            if (request.Part == SignalPart.Errors) Event(broken / Pods.Length, pod, "/checkout", "503", isSince);
        }
    }

    /// <summary>The breakdown.</summary>
    public Breakdown Build(double stepSeconds) => _rows.Build(
        (request.BeforeLast - request.BeforeFirst + 1) * stepSeconds, (request.SinceLast - request.SinceFirst + 1) * stepSeconds, samples: 1);

    private void Add(SimulatedService.Step step, string pod, string route, double share, double broken, bool isSince)
    {
        switch (request.Part)
        {
            case SignalPart.Errors:
                Event((step.Bad - broken) * share, pod, route, "500", isSince);
                break;
            case SignalPart.Traffic:
                Event(step.Total * share, pod, route, "", isSince);
                return;
            default:
                var bound = Array.IndexOf(SimulatedService.Bounds, request.AboveSeconds!.Value);
                Event((step.Total - step.Cumulative[bound]) * share, pod, route, "", isSince);
                break;
        }

        _rows.Add(isEvent: false, step.Total * share, label => ValueOf(label, pod, route, ""), isSince);
    }

    private void Event(double count, string pod, string route, string status, bool isSince) =>
        _rows.Add(isEvent: true, count, label => ValueOf(label, pod, route, status), isSince);

    private static string ValueOf(string label, string pod, string route, string status) => label switch
    {
        "http_route" => route,
        "http_response_status_code" => status,
        "pod" => pod,
        _ => "",
    };
}
