namespace UpgradeWatch.TestKit.Grafana;

/// <summary>Something that goes wrong with one request.</summary>
public abstract record GrafanaFault
{
    /// <summary>An error is answered, and nothing is done.</summary>
    public sealed record Answer(int Status, string Body = "", string ContentType = "application/json", string? RetryAfter = null) : GrafanaFault;

    /// <summary>The connection breaks before anything is done.</summary>
    public sealed record Reset : GrafanaFault;

    /// <summary>The request is carried out, and the connection breaks before it is answered.</summary>
    public sealed record CutAfterDoing : GrafanaFault;

    /// <summary>The request waits until it is released, and is then carried out.</summary>
    public sealed record Hang : GrafanaFault
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when the request is there.</summary>
        public Task Reached => _reached.Task;

        /// <summary>Lets it go on.</summary>
        public void Release() => _released.TrySetResult();

        internal Task WaitAsync()
        {
            _reached.TrySetResult();
            return _released.Task;
        }
    }
}
