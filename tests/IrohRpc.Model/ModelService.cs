using System.Runtime.CompilerServices;

namespace IrohRpc.Model;

/// <summary>Does what the schedule says for each call, and writes down when it begins and ends.</summary>
internal sealed class ModelService(ICallBook book) : IModel
{
    public ValueTask<long> AskAsync(long id, CallContext context, CancellationToken cancellationToken) => PlayAsync(id, context, cancellationToken);

    public ValueTask<long> AskAgainAsync(long id, CallContext context, CancellationToken cancellationToken) => PlayAsync(id, context, cancellationToken);

    public ValueTask<long> LargeAsync(long id, byte[] content, CallContext context, CancellationToken cancellationToken)
    {
        if (content.AsSpan().ContainsAnyExcept((byte)id))
        {
            book.Call(id).Wrong = "its argument is another call's";
        }

        return PlayAsync(id, context, cancellationToken);
    }

    public void Post(long id)
    {
        ModelCall call = book.Call(id);
        call.Started();
        book.NotePost(call);
        call.Ended();
    }

    public async IAsyncEnumerable<long> ListAsync(long id, int count, CallContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ModelCall call = Begin(id, context);
        try
        {
            for (int index = 0; index < count; index++)
            {
                await StepAsync(call, cancellationToken);
                yield return call.Item(index);
            }

            Fail(call);
        }
        finally
        {
            call.Ended();
        }
    }

    public async ValueTask<long> SumAsync(long id, IAsyncEnumerable<long> items, CallContext context, CancellationToken cancellationToken)
    {
        ModelCall call = Begin(id, context);
        try
        {
            int index = 0;
            await foreach (long item in items.WithCancellation(cancellationToken))
            {
                call.Wrong ??= item == call.Item(index) ? null : $"item {index} arrived as {item}";
                index++;
            }

            call.Wrong ??= index == call.Items ? null : $"{index} of {call.Items} items arrived, and then their end";
            Fail(call);
            return call.Answer;
        }
        finally
        {
            call.Ended();
        }
    }

    public async IAsyncEnumerable<long> EchoAsync(
        long id, IAsyncEnumerable<long> items, CallContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ModelCall call = Begin(id, context);
        try
        {
            await foreach (long item in items.WithCancellation(cancellationToken))
            {
                await StepAsync(call, cancellationToken);
                yield return item;
            }

            Fail(call);
        }
        finally
        {
            call.Ended();
        }
    }

    public async ValueTask<Stream> ReadAsync(long id, int length, CallContext context, CancellationToken cancellationToken)
    {
        await PlayAsync(id, context, cancellationToken);
        byte[] content = new byte[length];
        content.AsSpan().Fill((byte)id);
        return new MemoryStream(content);
    }

    public async ValueTask<long> WriteAsync(long id, Stream content, CallContext context, CancellationToken cancellationToken)
    {
        ModelCall call = Begin(id, context);
        try
        {
            byte[] buffer = new byte[1024];
            long total = 0;
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and int read)
            {
                call.Wrong ??= buffer.AsSpan(0, read).ContainsAnyExcept((byte)id) ? "its bytes are another call's" : null;
                total += read;
            }

            call.Wrong ??= total == call.Bytes ? null : $"{total} of {call.Bytes} bytes arrived, and then their end";
            Fail(call);
            return call.Answer;
        }
        finally
        {
            call.Ended();
        }
    }

    public async ValueTask<long> ReportAsync(long id, int count, IProgress<long> progress, CallContext context, CancellationToken cancellationToken)
    {
        ModelCall call = Begin(id, context);
        try
        {
            for (int index = 0; index < count; index++)
            {
                progress.Report(call.Item(index));
                await StepAsync(call, cancellationToken);
            }

            Fail(call);
            return call.Answer;
        }
        finally
        {
            call.Ended();
        }
    }

    public async ValueTask<long> CallBackAsync(long id, IModelListener listener, CallContext context, CancellationToken cancellationToken)
    {
        ModelCall call = Begin(id, context);
        try
        {
            await StepAsync(call, cancellationToken);
            long heard = await listener.HearAsync(id, cancellationToken);
            call.Wrong ??= heard == call.Answer ? null : "its call back was answered as another";
            Fail(call);
            return call.Answer;
        }
        finally
        {
            call.Ended();
        }
    }

    public async ValueTask<IModelListener> OpenAsync(long id, CallContext context, CancellationToken cancellationToken)
    {
        await PlayAsync(id, context, cancellationToken);
        return new ModelListener(book, id);
    }

    private async ValueTask<long> PlayAsync(long id, CallContext context, CancellationToken cancellationToken)
    {
        ModelCall call = Begin(id, context);
        try
        {
            await StepAsync(call, cancellationToken);
            Fail(call);
            return call.Answer;
        }
        finally
        {
            call.Ended();
        }
    }

    private ModelCall Begin(long id, CallContext context)
    {
        ModelCall call = book.Call(id);
        call.Started();
        book.Note(context.Rpc);
        return call;
    }

    private static Task StepAsync(ModelCall call, CancellationToken cancellationToken) => call.Script switch
    {
        Script.Answer or Script.Throw => Task.CompletedTask,
        Script.Stubborn => call.PassAsync(CancellationToken.None),
        _ => call.PassAsync(cancellationToken),
    };

    private static void Fail(ModelCall call)
    {
        if (call.Script == Script.Fail)
        {
            throw new RpcException(RpcStatusCode.NotFound, $"There is nothing for call {call.Id}");
        }

        if (call.Script == Script.Throw)
        {
            throw new InvalidOperationException("As the schedule says.");
        }
    }
}
