using System.Runtime.CompilerServices;

namespace IrohRpc.Model;

/// <summary>Makes one call, takes what it brings, and writes down how it ends.</summary>
internal sealed class Caller(ICallBook book, IModel proxy, ModelCall call)
{
    private CancellationToken Token => call.Cancellation.Token;

    public async Task RunAsync()
    {
        try
        {
            var context = new CallContext { Timeout = call.Timeout };
            await CallAsync(context);
            call.Succeeded(book.Now);
        }
        catch (Exception exception)
        {
            call.Failed(exception, book.Now);
        }

        if (PeerChannel.GetConnection(proxy) is { } connection)
        {
            book.Note(connection);
        }
    }

    private async Task CallAsync(CallContext context)
    {
        switch (call.Shape)
        {
            case Shape.Ask:
                Expect(await proxy.AskAsync(call.Id, context, Token));
                break;
            case Shape.AskAgain:
                Expect(await proxy.AskAgainAsync(call.Id, context, Token));
                break;
            case Shape.Post:
                proxy.Post(call.Id);
                break;
            case Shape.Large:
                byte[] content = new byte[call.Items * 1000];
                content.AsSpan().Fill((byte)call.Id);
                Expect(await proxy.LargeAsync(call.Id, content, context, Token));
                break;
            case Shape.List:
                await TakeAsync(proxy.ListAsync(call.Id, call.Items, context, Token));
                break;
            case Shape.Sum:
                Expect(await proxy.SumAsync(call.Id, SourceAsync(), context, Token));
                break;
            case Shape.Echo:
                await TakeAsync(proxy.EchoAsync(call.Id, SourceAsync(), context, Token));
                break;
            case Shape.Read:
                await using (Stream stream = await proxy.ReadAsync(call.Id, call.Bytes, context, Token))
                {
                    await ReadAsync(stream);
                }

                break;
            case Shape.Write:
                byte[] bytes = new byte[call.Bytes];
                bytes.AsSpan().Fill((byte)call.Id);
                Expect(await proxy.WriteAsync(call.Id, new MemoryStream(bytes), context, Token));
                break;
            case Shape.Report:
                Expect(await proxy.ReportAsync(call.Id, call.Items, new Reports(call), context, Token));
                break;
            case Shape.CallBack:
                Expect(await proxy.CallBackAsync(call.Id, new ModelListener(book, call.Id), context, Token));
                break;
            case Shape.Open:
                IModelListener opened = await proxy.OpenAsync(call.Id, context, Token);
                call.HasOpened = true;
                try
                {
                    Expect(await opened.HearAsync(call.Id, Token));
                }
                finally
                {
                    RemoteObject.Release(opened);
                }

                break;
            default:
                throw new InvalidOperationException($"{call.Shape} is no shape.");
        }
    }

    private void Expect(long answer) => call.Wrong ??= answer == call.Answer ? null : $"it was answered {answer}";

    private async Task TakeAsync(IAsyncEnumerable<long> items)
    {
        int index = 0;
        await foreach (long item in items)
        {
            call.Wrong ??= item == call.Item(index) ? null : $"item {index} arrived as {item}";
            index++;
            if (index == call.LeavesAfter)
            {
                return;
            }
        }

        call.Wrong ??= index == call.Items ? null : $"{index} of {call.Items} items arrived, and then their end";
    }

    private async Task ReadAsync(Stream stream)
    {
        byte[] buffer = new byte[1024];
        long total = 0;
        while (await stream.ReadAsync(buffer, Token) is > 0 and int read)
        {
            call.Wrong ??= buffer.AsSpan(0, read).ContainsAnyExcept((byte)call.Id) ? "its bytes are another call's" : null;
            total += read;
        }

        call.Wrong ??= total == call.Bytes ? null : $"{total} of {call.Bytes} bytes arrived, and then their end";
    }

    private async IAsyncEnumerable<long> SourceAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        book.SourceBegan();
        try
        {
            for (int index = 0; index < call.Items; index++)
            {
                if (call.Script is Script.Wait or Script.Stubborn or Script.Fail)
                {
                    await call.PassAsync(cancellationToken);
                }

                yield return call.Item(index);
            }
        }
        finally
        {
            book.SourceEnded();
        }
    }

    private sealed class Reports(ModelCall call) : IProgress<long>
    {
        private int _index;

        public void Report(long value) => call.Wrong ??= value >= call.Item(_index) && value < call.Item(call.Items)
            ? Advance(value)
            : $"report {_index} arrived as {value}";

        private string? Advance(long value)
        {
            _index = (int)(value - call.Item(0)) + 1;
            return null;
        }
    }
}
