namespace IrohRpc.Model;

/// <summary>An object of a call, which answers for it.</summary>
internal sealed class ModelListener(ICallBook book, long id) : IModelListener
{
    public ValueTask<long> HearAsync(long asked, CancellationToken cancellationToken)
    {
        ModelCall call = book.Call(id);
        call.Wrong ??= asked == id ? null : $"its object was asked for call {asked}";
        return new ValueTask<long>(call.Answer);
    }
}
