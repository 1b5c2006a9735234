// Two ages of one contract meet here, which are two builds of a program elsewhere.
#pragma warning disable IROHRPC003

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
        void Move(int piece, int square, CallContext context, CancellationToken cancellationToken);
    }

    [Alpn("other/1")]
    public partial interface IOther
    {
        void Post(string text, CallContext context, CancellationToken cancellationToken);
    }
}
