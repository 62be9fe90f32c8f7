using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>A body that is read whole before it is known who sends it, so it may be small only.</summary>
internal static class BoundedBody
{
    /// <summary>Most bytes: webhooks, forms and tokens have a few hundred.</summary>
    public const int Most = 64 * 1024;

    /// <summary>Reads it; exactly one of bytes and problem is not null.</summary>
    public static async Task<(byte[]? Bytes, Problem? Problem)> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[4096];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (buffer.Length + read > Most) return (null, Problems.Of(StatusCodes.Status413PayloadTooLarge, $"the body is larger than 64 KiB ({Most} bytes), the most that is taken here"));
            buffer.Write(chunk, 0, read);
        }

        return (buffer.ToArray(), null);
    }
}
