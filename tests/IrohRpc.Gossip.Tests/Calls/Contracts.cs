namespace IrohRpc.Gossip.Tests.Calls.Old
{
    [Alpn("board/1")]
    public partial interface IBoard
    {
        void Post(string text, CallContext context, CancellationToken cancellationToken);
    }
}

namespace IrohRpc.Gossip.Tests.Calls
{
    [Alpn("board/2")]
    [Alpn("board/1")]
    public partial interface IBoard
    {
        void Post(string text, CallContext context, CancellationToken cancellationToken);

        [Since("board/2")]
        void Move(int piece, int to, CallContext context, CancellationToken cancellationToken);
    }

    [Alpn("other/1")]
    public partial interface IOther
    {
        void Post(string text, CallContext context, CancellationToken cancellationToken);
    }
}
