using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using IrohRpc.Extensions.Hosting.Internal.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal.Validation;

/// <summary>
/// Finds mistakes in the registration of mapped services before the first call does: an object that outlives what it was given, a dependency that is not registered. The
/// container looks for some of these in development only.
/// </summary>
/// <remarks>It reads the constructors of types that the container makes; what a factory makes is taken as it is registered.</remarks>
internal sealed class LifetimeCheck(IServiceCollection services, IServiceProvider provider)
{
    private readonly IServiceProviderIsService? _known = provider.GetService<IServiceProviderIsService>();
    private readonly IServiceProviderIsKeyedService? _knownByKey = provider.GetService<IServiceProviderIsKeyedService>();
    private readonly HashSet<(Type Type, object? Key, bool InSingleton)> _seen = [];
    private readonly List<string> _mistakes = [];

    /// <summary>The mistakes of the services of an endpoint, each in a sentence.</summary>
    public IReadOnlyList<string> Find(IEnumerable<ServiceMapping> mappings, IEnumerable<ContainerInterceptor> interceptors)
    {
        foreach (ServiceMapping mapping in mappings)
        {
            Check(mapping);
        }

        foreach (ContainerInterceptor interceptor in interceptors)
        {
            if (Describe(interceptor.Type, null) is { } descriptor)
            {
                Visit(descriptor, NameOf(interceptor.Type), null);
            }
        }

        return _mistakes;
    }

    private void Check(ServiceMapping mapping)
    {
        ServiceDescriptor? descriptor = Describe(mapping.Service, null);
        string name = NameOf(mapping.Service);
        if (descriptor is null)
        {
            _mistakes.Add($"{name} serves {mapping.Contract} and is not registered: it was removed from the services after MapService.");
            return;
        }

        string mapped = mapping.Lifetime == PeerServiceLifetime.Singleton ? "for all calls" : mapping.Lifetime == PeerServiceLifetime.Call ? "for one call" : "for one connection";
        if (mapping.Lifetime == PeerServiceLifetime.Singleton && descriptor.Lifetime == ServiceLifetime.Scoped)
        {
            _mistakes.Add($"{name} is mapped to serve {mapped} and is registered as scoped: map it with {nameof(PeerServiceLifetime)}.{nameof(PeerServiceLifetime.Call)}, or register it as a singleton.");
        }
        else if (mapping.Lifetime != PeerServiceLifetime.Singleton && descriptor.Lifetime == ServiceLifetime.Singleton)
        {
            _mistakes.Add($"{name} is mapped to serve {mapped} and is registered as a singleton, so that all calls share it: map it with {nameof(PeerServiceLifetime)}.{nameof(PeerServiceLifetime.Singleton)}, or register it as scoped.");
        }

        Visit(descriptor, name, mapping.Lifetime == PeerServiceLifetime.Singleton ? name : null);
    }

    // The path names who was given what; the holder is the singleton on it that keeps everything below for ever.
    private void Visit(ServiceDescriptor descriptor, string path, string? holder)
    {
        holder = descriptor.Lifetime == ServiceLifetime.Singleton ? holder ?? NameOf(descriptor.ServiceType) : holder;
        if (TypeOf(descriptor) is not { } type || !_seen.Add((type, descriptor.ServiceKey, holder is not null)))
        {
            return;
        }

        foreach (ParameterInfo parameter in ParametersOf(type, path))
        {
            object? key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;
            if (Describe(parameter.ParameterType, key) is not { } dependency)
            {
                continue;
            }

            string name = NameOf(parameter.ParameterType);
            if (holder is not null && dependency.Lifetime == ServiceLifetime.Scoped)
            {
                _mistakes.Add(
                    $"{holder} lives as long as the host and would keep one {name}, which is registered as scoped, for ever ({path} -> {name}). Make {holder} shorter-lived, or have it create a scope where it needs one.");
                continue;
            }

            Visit(dependency, $"{path} -> {name}", holder);
        }
    }

    // The container takes the constructor with the most parameters that it has everything for.
    private ParameterInfo[] ParametersOf([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, string path)
    {
        ParameterInfo[][] constructors = [.. type.GetConstructors().Select(constructor => constructor.GetParameters()).OrderByDescending(parameters => parameters.Length)];
        if (constructors.FirstOrDefault(parameters => parameters.All(IsAvailable)) is { } usable)
        {
            return usable;
        }

        if (constructors.Length == 0)
        {
            _mistakes.Add($"{path} has no public constructor, so that the container cannot make it.");
            return [];
        }

        foreach (ParameterInfo missing in constructors[0].Where(parameter => !IsAvailable(parameter)))
        {
            _mistakes.Add($"{path} needs {NameOf(missing.ParameterType)} ({missing.Name}), which is not registered.");
        }

        return constructors[0];
    }

    private bool IsAvailable(ParameterInfo parameter)
        => parameter.HasDefaultValue
            || parameter.GetCustomAttribute<ServiceKeyAttribute>() is not null
            || (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
                ? _knownByKey?.IsKeyedService(parameter.ParameterType, keyed.Key) ?? true
                : _known?.IsService(parameter.ParameterType) ?? true);

    private ServiceDescriptor? Describe(Type type, object? key)
    {
        ServiceDescriptor? found = null;
        foreach (ServiceDescriptor descriptor in services)
        {
            if (descriptor.ServiceType == type && Equals(descriptor.ServiceKey, key))
            {
                // The last one wins.
                found = descriptor;
            }
        }

        return found;
    }

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    private static Type? TypeOf(ServiceDescriptor descriptor) => descriptor.IsKeyedService ? descriptor.KeyedImplementationType : descriptor.ImplementationType;

    private static string NameOf(Type type)
        => type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : type.Name;
}
