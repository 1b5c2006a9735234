using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;

namespace IrohRpc.Calls;

/// <summary>Makes proxies, with interceptors around their calls where there are any.</summary>
internal static class InterceptedContract
{
    /// <summary>What takes the place of a proxy or a service.</summary>
    /// <exception cref="NotSupportedException">The contract was compiled by a generator that knew no interceptors.</exception>
    public static T Create<T>(CallInterception interception)
        where T : class, IContract<T>
        => T.Intercept(interception) ?? throw new NotSupportedException(
            $"{T.Descriptor.Name} was compiled by an older generator, which knew no interceptors: rebuild the project that declares it.");

    /// <summary>A proxy.</summary>
    public static T CreateProxy<T>(CallInvoker invoker, InterceptorPipeline? pipeline)
        where T : class, IContract<T>
    {
        T proxy = T.CreateProxy(invoker);
        if (pipeline is null)
        {
            return proxy;
        }

        invoker.IsIntercepted = true;
        return Create<T>(new OutgoingInterception(invoker, proxy, pipeline));
    }
}
