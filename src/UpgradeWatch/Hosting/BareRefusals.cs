using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Hosting;

/// <summary>
/// Gives a problem document to the refusals that the server writes itself, without a body, before a request becomes one:
/// a path with %00, a header that is none. No middleware sees those, only whoever watches what goes out.
/// </summary>
internal static class BareRefusals
{
    private static ReadOnlySpan<byte> Start => "HTTP/1.1 4"u8;

    private static ReadOnlySpan<byte> NoBody => "\r\nContent-Length: 0\r\n"u8;

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    /// <summary>Watches the connections of a listener.</summary>
    public static void Explain(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Transport = new Watched(connection.Transport);
        return next(connection);
    });

    /// <summary>Writes the document behind the headers of a refusal without a body; returns the length of the whole, or that of what was there.</summary>
    internal static int Explain(Span<byte> buffer, int written)
    {
        var response = buffer[..written];
        if (!response.StartsWith(Start)) return written;
        var noBody = response.IndexOf(NoBody);
        if (noBody < 0 || !response.EndsWith(End)) return written;
        if (!Utf8Parser.TryParse(response[(Start.Length - 1)..], out int status, out _)) return written;

        var body = JsonSerializer.SerializeToUtf8Bytes(Problems.Of(status, Sentence(status)), ApiJson.Wire.Problem);
        var length = Encoding.ASCII.GetBytes($"\r\nContent-Type: application/problem+json\r\nContent-Length: {body.Length}\r\n");
        byte[] whole = [.. response[..noBody], .. length, .. response[(noBody + NoBody.Length)..], .. body];
        if (whole.Length > buffer.Length) return written;
        whole.CopyTo(buffer);
        return whole.Length;
    }

    private static string Sentence(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "the request did not arrive in time",
        StatusCodes.Status414UriTooLong => "the address is longer than the 8 KiB that are taken",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "there are more than 100 headers, or more than 32 KiB of them",
        _ => "the request is not valid HTTP: its path may hold %00 or a broken escape, or a header is not one",
    };

    private sealed class Watched(IDuplexPipe transport) : IDuplexPipe
    {
        public PipeReader Input => transport.Input;

        public PipeWriter Output { get; } = new Writer(transport.Output);
    }

    private sealed class Writer(PipeWriter inner) : PipeWriter
    {
        private Memory<byte> _buffer;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(Explain(_buffer.Span, bytes));

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(source, cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
