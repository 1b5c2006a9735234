using System.Reflection;
using IrohRpc.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>Who shares a proxy.</summary>
public sealed class ProxyKeyTests
{
    public static TheoryData<string> Options => [.. typeof(ClientOptions).GetProperties().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Options))]
    public void Each_option_counts(string name)
    {
        PropertyInfo property = typeof(ClientOptions).GetProperty(name)!;
        var other = new ClientOptions();
        if (property.GetValue(other) is InterceptorCollection interceptors)
        {
            interceptors.Add(new ScriptedInterceptor((invocation, next) => next(invocation), atService: false));
        }
        else
        {
            property.SetValue(other, OtherThan(property, other));
        }

        Assert.NotEqual(Key(new ClientOptions()), Key(other));
        Assert.Equal(Key(new ClientOptions()), Key(new ClientOptions()));
    }

    private static object OtherThan(PropertyInfo property, ClientOptions options)
        => property.GetValue(options) switch
        {
            int number => number + 1,
            bool flag => !flag,
            TimeSpan span => span + TimeSpan.FromSeconds(1),
            TimeProvider => new FakeTimeProvider(),
            NullLoggerFactory => new NullLoggerFactory(),
            null when property.PropertyType == typeof(RetryBudget) => new RetryBudget(),
            null => TimeSpan.FromSeconds(1),
            var value => throw new NotSupportedException($"Say what another {value.GetType()} is."),
        };

    private static ProxyKey Key(ClientOptions options) => new(typeof(IWorkshop), options);
}
