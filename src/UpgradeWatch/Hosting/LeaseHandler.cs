using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Hosting;

/// <summary>
/// Lets no change leave for outside from an instance that another one may have replaced: one that was held for minutes
/// between its look and its change would make a thing again that is there by now.
/// </summary>
internal sealed class LeaseHandler(IUpgradeStore store, TimeProvider time) : DelegatingHandler
{
    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Method == HttpMethod.Get || store.Lease.IsSure(time)
            ? base.SendAsync(request, cancellationToken)
            : throw new HttpRequestException("not sent, because another UpgradeWatch may be the active one by now");
}
