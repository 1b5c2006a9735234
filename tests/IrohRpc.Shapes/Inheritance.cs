using System.Threading;
using System.Threading.Tasks;
using IrohRpc;

namespace Company.IrohRpc.Shapes;

public interface IPlain
{
    Task<string> PlainAsync(CancellationToken cancellationToken = default);
}

public interface ILeft : IPlain
{
    Task<string> SharedAsync(CancellationToken cancellationToken = default);
}

public interface IRight : IPlain
{
    Task<string> SharedAsync(CancellationToken cancellationToken = default);
}

public interface IStore<T>
{
    ValueTask<T?> FindAsync(int id, CancellationToken cancellationToken = default);
}

[Alpn("family/1")]
public partial interface IFamilyV1 : ILeft, IRight, IStore<Person>
{
    Task<string> OldAsync(CancellationToken cancellationToken = default);
}

[Alpn("family/2")]
public partial interface IFamilyV2 : IFamilyV1
{
    Task<string> YoungAsync(CancellationToken cancellationToken = default);

    new Task<string> OldAsync(CancellationToken cancellationToken = default);
}
