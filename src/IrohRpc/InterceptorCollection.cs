using System.Collections;
using IrohRpc.Interceptors;

namespace IrohRpc;

/// <summary>The interceptors of one scope, in order. Not for use from several threads at once; it is read when a service is mapped or a proxy is made.</summary>
public sealed class InterceptorCollection : IReadOnlyCollection<RpcInterceptor>
{
    private readonly List<InterceptorRegistration> _registrations = [];

    /// <summary>How many there are.</summary>
    public int Count => _registrations.Count;

    internal IReadOnlyList<InterceptorRegistration> Registrations => _registrations;

    /// <summary>Adds an interceptor behind those of its stage.</summary>
    /// <param name="interceptor">The interceptor, which serves many calls at once.</param>
    public void Add(RpcInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        _registrations.Add(new InterceptorRegistration(interceptor.Stage, interceptor, null));
    }

    /// <summary>Adds an interceptor that is looked up for each call, such as from a container's scope.</summary>
    /// <param name="factory">Finds the interceptor. What it throws is the outcome of the call.</param>
    /// <param name="stage">Where it stands; the <see cref="RpcInterceptor.Stage"/> of what the factory returns is not asked.</param>
    public void Add(Func<RpcInvocation, RpcInterceptor> factory, InterceptorStage stage = InterceptorStage.Invocation)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _registrations.Add(new InterceptorRegistration(stage, null, factory));
    }

    /// <summary>The interceptors that were added as objects.</summary>
    public IEnumerator<RpcInterceptor> GetEnumerator()
        => _registrations.Where(static registration => registration.Interceptor is not null).Select(static registration => registration.Interceptor!).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A collection with those of <paramref name="outer"/> before those of this one.</summary>
    internal InterceptorCollection Behind(InterceptorCollection? outer)
    {
        var all = new InterceptorCollection();
        if (outer is not null)
        {
            all._registrations.AddRange(outer._registrations);
        }

        all._registrations.AddRange(_registrations);
        return all;
    }

    internal bool HasSameAs(InterceptorCollection other) => _registrations.SequenceEqual(other._registrations);
}
