using System.IO.Pipelines;

namespace IrohRpc.Tests.Throwing;

/// <summary>The service of <see cref="IFragile"/>.</summary>
internal sealed class Fragile(ThrowingCode code) : IFragile
{
    public ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken)
    {
        if (text != "after")
        {
            code.AtHandler();
        }

        return ValueTask.FromResult(text);
    }

    public async ValueTask<Brittle> ValueAsync(Brittle value, CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return new Brittle { Text = "result" };
    }

    public void Post(int number, byte[] bytes) => code.AtHandler();

    public IAsyncEnumerable<int> ItemsAsync(CancellationToken cancellationToken)
    {
        code.AtHandler();
        return new ThrowingItems(code, "items");
    }

    public async ValueTask<IAsyncEnumerable<int>> LaterItemsAsync(CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return new ThrowingItems(code, "items");
    }

    public async ValueTask<int> TakeItemsAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return await items.CountAsync(cancellationToken);
    }

    public IAsyncEnumerable<int> MapAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
    {
        code.AtHandler();
        return items;
    }

    public async ValueTask<Stream> BytesAsync(CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return new ThrowingStream(code, "download");
    }

    public async ValueTask<PipeReader> ReaderAsync(CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return PipeReader.Create(new ThrowingStream(code, "download"));
    }

    public async ValueTask<long> TakeBytesAsync(Stream bytes, CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        using var copy = new MemoryStream();
        await bytes.CopyToAsync(copy, cancellationToken);
        return copy.Length;
    }

    public async ValueTask<PipeWriter> WriterAsync(CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return new ThrowingSink(code, "writer");
    }

    public async ValueTask<int> FillAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        for (int written = 0; written < 3; written++)
        {
            await output.WriteAsync(new byte[1000], cancellationToken);
        }

        return 3;
    }

    public async ValueTask<int> WorkAsync(IProgress<int> progress, CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        progress.Report(1);
        return 1;
    }

    public async ValueTask<string> AskAsync(IListener listener, CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return await listener.HearAsync("you", cancellationToken);
    }

    public async ValueTask<IListener> MakeAsync(CancellationToken cancellationToken)
    {
        await code.AtAsync("handler");
        return new Listener(code, "handler");
    }

    /// <summary>An object that is called, at the place that is named.</summary>
    internal sealed class Listener(ThrowingCode code, string place) : IListener
    {
        public async ValueTask<string> HearAsync(string text, CancellationToken cancellationToken)
        {
            await code.AtAsync(place);
            return text;
        }
    }
}
