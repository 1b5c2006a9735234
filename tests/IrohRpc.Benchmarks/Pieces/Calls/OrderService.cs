using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Pieces.Calls;

/// <summary>Does nothing, so that what remains is the call.</summary>
internal sealed class OrderService : IOrders
{
    public ValueTask<Block> EchoAsync(Block block, CancellationToken cancellationToken) => new(block);

    public ValueTask<Order> PlaceAsync(Order order, CancellationToken cancellationToken) => new(order);
}
