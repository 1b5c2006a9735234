using System.Runtime.CompilerServices;
using IrohRpc;
using KeyValue.Storage;

namespace KeyValue.Service;

/// <summary>Says what the store refuses in the words of the contract.</summary>
internal static class Refusals
{
    /// <summary>The exception of the contract for one of the store.</summary>
    public static RpcException ToRpc(this StoreException exception) => exception switch
    {
        CompactedException compacted => new RpcFaultException<CompactedFault>(
            new CompactedFault(compacted.OldestRevision), compacted.Message, RpcStatusCode.OutOfRange),
        LeaseNotFoundException missing => new RpcFaultException<LeaseNotFoundFault>(
            new LeaseNotFoundFault(missing.Lease), missing.Message, RpcStatusCode.NotFound),
        StoreFullException => new RpcException(RpcStatusCode.ResourceExhausted, exception.Message),
        _ => new RpcException(RpcStatusCode.OutOfRange, exception.Message),
    };

    /// <summary>Passes items on, and a refusal as an exception of the contract.</summary>
    public static async IAsyncEnumerable<T> WithRefusals<T>(
        this IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using IAsyncEnumerator<T> enumerator = items.GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(enumerator))
        {
            yield return enumerator.Current;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // yield cannot stand within a try that catches.
    private static async ValueTask<bool> MoveNextAsync<T>(IAsyncEnumerator<T> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (StoreException exception)
        {
            throw exception.ToRpc();
        }
    }
}
